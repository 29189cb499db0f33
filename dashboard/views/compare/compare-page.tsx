// Runs side by side: what was set differently, what came out differently, how they went, and where they heard the same differently.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { type ComparedRun, MOST_COMPARED, type RunComparison } from '../../../server/runs/compare/comparison.ts';
import { getComparison, type Result } from '../../api/client.ts';
import { isOver } from '../../format/words.ts';
import { runs } from '../../store/runs.ts';
import { Problem } from '../parts/problem.tsx';
import { Chooser } from './chooser.tsx';
import { ComparedRuns } from './compared-runs.tsx';
import { Courses } from './courses.tsx';
import { EventsApart } from './events-apart.tsx';
import { Outcomes } from './outcomes.tsx';
import { Settings } from './settings.tsx';

export function ComparePage({ ids }: { ids: readonly string[] }): JSX.Element {
  if (ids.length < 2) return <Chooser first={ids[0] ?? null} />;
  if (ids.length > MOST_COMPARED)
    return (
      <div class="empty">
        <h1>Too many runs</h1>
        <p>
          The address names {ids.length} runs. Up to {MOST_COMPARED} fit side by side.
        </p>
        <a class="button" href="/compare">
          Choose runs
        </a>
      </div>
    );
  return <Comparison key={ids.join()} ids={ids} />;
}

const ASK_AGAIN_MILLISECONDS = 5000;

const isUnderWay = (run: ComparedRun): boolean => run.kind === 'unreported' && !isOver(run.run.state);

function Comparison({ ids }: { ids: readonly string[] }): JSX.Element {
  const answer = useSignal<Result<RunComparison> | null>(null);
  const attempt = useSignal(0);
  // A run that comes to its end has figures to compare from then on.
  const states = (runs.value ?? [])
    .filter(({ id }) => ids.includes(id))
    .map(({ id, state }) => `${id} ${state}`)
    .join();
  useEffect(() => {
    let isLeft = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      const next = await getComparison(ids);
      if (isLeft) return;
      answer.value = next;
      if (next.ok && next.value.runs.some(isUnderWay)) timer = setTimeout(() => void load(), ASK_AGAIN_MILLISECONDS);
    };
    void load();
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [ids.join(), states, attempt.value]);

  if (answer.value === null)
    return <div class="loading card-shape" role="status" aria-label="Loading the comparison" />;
  if (!answer.value.ok)
    return (
      <div class="compare">
        <h1>Compare runs</h1>
        <Problem text={`The runs could not be compared. ${answer.value.problem}`} />
        <p>
          <button type="button" class="button" onClick={() => attempt.value++}>
            Try again
          </button>
        </p>
      </div>
    );
  const comparison = answer.value.value;
  const reported = comparison.runs.filter(({ kind }) => kind === 'reported').length;
  return (
    <div class="compare">
      <ComparedRuns comparison={comparison} ids={ids} />
      {comparison.settings.length > 0 || reported > 1 ? <Settings comparison={comparison} /> : null}
      {reported > 1 ? (
        <Outcomes comparison={comparison} />
      ) : (
        <div class="empty panel" role="status">
          <p>
            {reported === 0
              ? 'None of these runs has figures yet.'
              : 'Only one of these runs has figures yet; there is nothing to hold it against.'}{' '}
            What comes out differently appears here as soon as two of them are over.
          </p>
        </div>
      )}
      <Courses comparison={comparison} />
      {reported > 1 && <EventsApart comparison={comparison} />}
    </div>
  );
}
