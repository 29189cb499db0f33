// Which stretch of a run is looked at closely, and which part of it is selected. What is shown comes from the run itself, simulated again for
// that stretch, so that figures are exact however far one is zoomed in. One question at a time; of those that follow, the latest counts.

import { batch, computed, signal } from '@preact/signals';
import type { RangeView } from '../../server/runs/views.ts';
import { getRange, type Result } from '../api/client.ts';
import { frame, run } from './run.ts';

/** Simulated seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Watts; null: as the data ask for. */
export interface Limits {
  readonly low: number | null;
  readonly high: number | null;
}

export const view = signal<Stretch | null>(null);
export const selection = signal<Stretch | null>(null);
export const limits = signal<Limits>({ low: null, high: null });
export const seen = signal<RangeView | null>(null);
/** Of the selection. */
export const figures = signal<RangeView | null>(null);
export const scopeProblem = signal<string | null>(null);
/** Simulated time under the pointer. */
export const cursor = signal<number | null>(null);
export const isFetching = signal(false);

const POINTS = 800;
export const SHORTEST = 1e-3;
const DEBOUNCE_MILLISECONDS = 120;
const FOLLOW_MILLISECONDS = 2000;

let id = '';
let timer: ReturnType<typeof setTimeout> | undefined;

/** How far the run has come. */
const end = computed(() => run.value?.report?.simulatedSeconds ?? frame.value?.simulatedSeconds ?? 0);

/** All of the run where nothing was chosen. */
export const whole = (): Stretch => ({ from: 0, to: Math.max(end.value, SHORTEST) });
export const stretch = computed<Stretch>(() => view.value ?? whole());

/** Begins with a run, at what the address says; the returned function ends it. */
export function openScope(run: string): () => void {
  id = run;
  const query = new URLSearchParams(location.search);
  batch(() => {
    view.value = readStretch(query.get('view'));
    selection.value = readStretch(query.get('select'));
    limits.value = readLimits(query.get('watts'));
    seen.value = null;
    figures.value = null;
    scopeProblem.value = null;
  });
  void refresh();
  void measure();
  const follow = setInterval(() => {
    if (view.value === null && seen.value?.toSeconds !== end.value) void refresh();
  }, FOLLOW_MILLISECONDS);
  return () => {
    id = '';
    clearInterval(follow);
    clearTimeout(timer);
  };
}

function readStretch(text: string | null): Stretch | null {
  const [from, to] = (text ?? '').split('-').map(Number);
  return from !== undefined && to !== undefined && from >= 0 && to - from >= SHORTEST / 2 ? { from, to } : null;
}

function readLimits(text: string | null): Limits {
  const [low = '', high = ''] = (text ?? '').split('-');
  const watts = (part: string): number | null => (part !== '' && Number.isFinite(Number(part)) ? Number(part) : null);
  return { low: watts(low), high: watts(high) };
}

/** @param next null: all of the run */
export function look(next: Stretch | null): void {
  const { to: last } = whole();
  if (next === null) view.value = null;
  else {
    const length = Math.min(Math.max(next.to - next.from, SHORTEST), last);
    const from = Math.min(Math.max(0, next.from), Math.max(0, last - length));
    view.value = from === 0 && length >= last ? null : { from, to: from + length };
  }
  writeAddress();
  // What is there is not of this stretch any more.
  isFetching.value = true;
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), DEBOUNCE_MILLISECONDS);
}

/** @param factor below 1: closer */
export function zoom(factor: number, around = cursor.value): void {
  const { from, to } = stretch.value;
  const at = around ?? (from + to) / 2;
  look({ from: at - (at - from) * factor, to: at + (to - at) * factor });
}

/** @param share of what is shown */
export function pan(share: number): void {
  const { from, to } = stretch.value;
  const by = (to - from) * share;
  look({ from: from + by, to: to + by });
}

/** Shows a moment in the run's lanes, with something before and after it. */
export const showRange = (from: number, to: number): void => look({ from, to });

export function select(next: Stretch | null): void {
  selection.value = next;
  writeAddress();
  if (next === null) figures.value = null;
  else void measure();
}

export function limit(next: Limits): void {
  limits.value = next;
  writeAddress();
}

function writeAddress(): void {
  const url = new URL(location.href);
  const set = (name: string, value: string | null): void => {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  };
  const text = (of: Stretch | null): string | null => of && `${short(of.from)}-${short(of.to)}`;
  const { low, high } = limits.value;
  set('view', text(view.value));
  set('select', text(selection.value));
  set('watts', low === null && high === null ? null : `${low ?? ''}-${high ?? ''}`);
  history.replaceState(null, '', url);
}

const short = (seconds: number): string => String(Number(seconds.toFixed(6)));

let isAsking = false;
async function refresh(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  isFetching.value = true;
  const asked = id;
  let of: Stretch | null | undefined;
  let last: Result<RangeView> | null = null;
  while (id === asked && (of === undefined || of !== view.value) && end.value > 0) {
    of = view.value;
    last = await getRange(asked, stretch.value, POINTS);
    if (id === asked) take(last);
  }
  isAsking = false;
  isFetching.value = false;
  if (id !== asked && id !== '') void refresh();
}

function take(answer: Result<RangeView>): void {
  batch(() => {
    scopeProblem.value = answer.ok ? null : answer.problem;
    if (answer.ok) seen.value = answer.value;
  });
}

let isMeasuring = false;
async function measure(): Promise<void> {
  if (isMeasuring) return;
  isMeasuring = true;
  const asked = id;
  let of: Stretch | null = null;
  while (id === asked && selection.value !== null && of !== selection.value) {
    of = selection.value;
    const answer = await getRange(asked, of, 1);
    if (id !== asked) break;
    if (answer.ok) figures.value = answer.value;
    else scopeProblem.value = answer.problem;
  }
  isMeasuring = false;
}
