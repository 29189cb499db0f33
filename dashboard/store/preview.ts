// What a run would get from its sensor: the whole stream, and the stretch that is looked at. Asked for some moments after the last change.

import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PreviewStretch, PreviewView } from '../../server/runs/views.ts';
import { getPreview, getStretch, type PreviewOf, type Result } from '../api/client.ts';
import type { Loaded } from './catalogue.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whoever types or drags has not finished before. */
const PATIENCE_MILLISECONDS = 250;
/** Shortest stretch that is drawn. */
const SHORTEST_SECONDS = 1;
/** How long a stretch is at first, by sense. */
const FIRST_SECONDS = { sound: 30, motion: 120, pictures: 600 } as const;
/** An event that is gone to begins in the middle, where it stays when one looks closer. */
export const LEAD = 0.5;

export class PreviewStore {
  readonly overview = signal<Loaded<PreviewView>>({ state: 'loading' });
  readonly stretch = signal<Loaded<PreviewStretch>>({ state: 'loading' });
  /** The stretch that is looked at; null until the stream is known. */
  readonly span: ReadonlySignal<Span | null>;
  readonly #chosen = signal<Span | null>(null);
  readonly #scenario: string;
  readonly #seed: ReadonlySignal<number | null>;
  readonly #duration: ReadonlySignal<number | null>;
  readonly #points: number;
  readonly #again = signal(0);

  /**
   * @param seed null while it cannot be read: what was shown stays; so with the duration
   * @param points as many as the widest canvas has pixels
   */
  constructor(
    scenario: string,
    seed: ReadonlySignal<number | null>,
    duration: ReadonlySignal<number | null>,
    points: number,
    first: Span | null,
  ) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#duration = duration;
    this.#points = points;
    this.#chosen.value = first;
    this.span = computed(() => {
      const view = viewOf(this.overview.value);
      return view === null ? null : within(this.#chosen.value ?? firstSpan(view), view);
    });
  }

  /** False while seed or duration cannot be read. */
  get isAsked(): boolean {
    return this.#seed.value !== null && this.#duration.value !== null;
  }

  /** Follows the parameters until the returned function is called. */
  follow(): () => void {
    const stopWhole = effect(() => {
      const [seed, duration] = [this.#seed.value, this.#duration.value];
      this.#again.value;
      if (seed === null || duration === null) return undefined;
      return later((leaving) => getPreview({ scenario: this.#scenario, seed, duration }, leaving), this.overview);
    });
    const stopStretch = effect(() => {
      const view = viewOf(this.overview.value);
      const span = this.span.value;
      if (view === null || span === null) return undefined;
      const of: PreviewOf = { scenario: this.#scenario, seed: view.seed, duration: view.durationSeconds };
      return later((leaving) => getStretch(of, span.from, span.to, this.#points, leaving), this.stretch);
    });
    return () => {
      stopWhole();
      stopStretch();
    };
  }

  /** Looks at a stretch; what lies beyond the stream or is too long is cut. */
  look(span: Span): void {
    this.#chosen.value = span;
  }

  /** Null: as the stream suggests. */
  get chosen(): Span | null {
    return this.#chosen.value;
  }

  askAgain(): void {
    this.#again.value += 1;
  }
}

export const viewOf = <Value>(loaded: Loaded<Value>): Value | null =>
  loaded.state === 'done' && loaded.answer.ok ? loaded.answer.value : null;

/** Asks after a moment; the returned function takes it back. What was shown stays until there is an answer. */
function later<Value>(
  ask: (leaving: AbortSignal) => Promise<Result<Value>>,
  into: { value: Loaded<Value> },
): () => void {
  const leaving = new AbortController();
  const timer = setTimeout(async () => {
    const answer = await ask(leaving.signal);
    if (!leaving.signal.aborted) into.value = { state: 'done', answer };
  }, PATIENCE_MILLISECONDS);
  return () => {
    clearTimeout(timer);
    leaving.abort();
  };
}

function firstSpan({ labels, detect, sense }: PreviewView): Span {
  const length = FIRST_SECONDS[sense];
  const own =
    labels.find(({ label, events }) => label === detect && events > 0) ?? labels.find(({ events }) => events > 0);
  const from = Math.max(0, (own?.startSeconds[0] ?? 0) - LEAD * length);
  return { from, to: from + length };
}

/** As much of a stretch as the stream has and the server draws. */
export function within(
  { from, to }: Span,
  { durationSeconds, longest }: Pick<PreviewView, 'durationSeconds' | 'longest'>,
): Span {
  const most = Math.min(longest.stretchSeconds, durationSeconds);
  const length = Math.min(most, Math.max(to - from, Math.min(SHORTEST_SECONDS, durationSeconds)));
  const start = tenths(Math.max(0, Math.min(from, durationSeconds - length)));
  return { from: start, to: Math.min(durationSeconds, tenths(start + length)) };
}

/** Links are to be short. */
const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
