// What if the device were another? What is asked to be different, what the server answers, and the variants that are kept. One question at a
// time: while it is under way only the latest of those that follow is remembered.

import { batch, signal } from '@preact/signals';
import type { RunReport } from '../../server/runs/report/report.ts';
import { askWhatIf } from '../api/client.ts';

/** Values by path, as the command line writes them: what is not here is as in the run. */
export type Changes = Readonly<Record<string, string>>;

export interface Answered {
  readonly changes: Changes;
  readonly original: RunReport;
  readonly variant: RunReport;
  /** From the question to the answer. */
  readonly milliseconds: number;
}

export interface Kept {
  readonly changes: Changes;
  readonly report: RunReport | null;
}

export const changes = signal<Changes>({});
export const answered = signal<Answered | null>(null);
export const whatIfProblem = signal<string | null>(null);
export const asking = signal(false);
export const kept = signal<readonly Kept[]>([]);

/** In the address: a variant each, its changes parted by semicolons. */
const QUERY = 'whatif';
const MOST_KEPT = 6;

let run = '';

export const written = (of: Changes): readonly string[] =>
  Object.entries(of).map(([path, value]) => `${path}=${value}`);

/** Begins with a run, and with the variants that the address names. */
export function openWhatIf(id: string): void {
  run = id;
  const query = new URLSearchParams(location.search).getAll(QUERY).slice(0, MOST_KEPT);
  batch(() => {
    changes.value = {};
    answered.value = null;
    whatIfProblem.value = null;
    kept.value = query.map((text) => ({ changes: readChanges(text), report: null }));
  });
  if (query.length > 0) void fillKept();
}

function readChanges(text: string): Changes {
  const entries = text.split(';').flatMap((part): [string, string][] => {
    const equals = part.indexOf('=');
    return equals < 1 ? [] : [[part.slice(0, equals), part.slice(equals + 1)]];
  });
  return Object.fromEntries(entries);
}

/** @param value null: as in the run */
export function change(path: string, value: string | null): void {
  const { [path]: _, ...others } = changes.value;
  changes.value = value === null ? others : { ...others, [path]: value };
  void ask();
}

export function reset(): void {
  batch(() => {
    changes.value = {};
    answered.value = null;
    whatIfProblem.value = null;
  });
}

async function ask(): Promise<void> {
  if (asking.value) return;
  asking.value = true;
  const id = run;
  let asked: Changes | null = null;
  while (id === run && asked !== changes.value) {
    asked = changes.value;
    if (Object.keys(asked).length === 0) {
      reset();
      break;
    }
    const began = performance.now();
    const answer = await askWhatIf(id, [written(asked)]);
    if (id !== run) break;
    const [variant] = answer.ok ? answer.value.variants : [];
    batch(() => {
      whatIfProblem.value = answer.ok ? null : answer.problem;
      if (!answer.ok || variant === undefined || asked === null) return;
      const { original } = answer.value;
      answered.value = { changes: asked, original, variant, milliseconds: performance.now() - began };
    });
  }
  asking.value = false;
  if (id !== run && Object.keys(changes.value).length > 0) void ask();
}

/** Asks for the variants that the address named. */
async function fillKept(): Promise<void> {
  const id = run;
  const answer = await askWhatIf(
    id,
    kept.value.map((variant) => written(variant.changes)),
  );
  if (id !== run) return;
  if (answer.ok)
    kept.value = kept.value.map((variant, at) => ({ ...variant, report: answer.value.variants[at] ?? null }));
  else whatIfProblem.value = answer.problem;
}

export function keep({ changes: asked, variant }: Answered): void {
  setKept([
    ...kept.value.filter((one) => `${written(one.changes)}` !== `${written(asked)}`),
    { changes: asked, report: variant },
  ]);
}

export const forget = (of: Kept): void => setKept(kept.value.filter((one) => one !== of));

function setKept(next: readonly Kept[]): void {
  kept.value = next.slice(-MOST_KEPT);
  const url = new URL(location.href);
  url.searchParams.delete(QUERY);
  for (const variant of kept.value) url.searchParams.append(QUERY, written(variant.changes).join(';'));
  history.replaceState(null, '', url);
}
