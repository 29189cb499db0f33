import type { JSX } from 'preact';
import { type ComparedRun, MOST_COMPARED, type RunComparison } from '../../../server/runs/compare/comparison.ts';
import { strokeOf } from '../../draw/run-strokes.ts';
import { percent } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { navigate } from '../../routing/navigate.ts';
import { comparePath, runPath } from '../../routing/route.ts';
import { runs } from '../../store/runs.ts';
import { RunStateTag } from '../parts/run-state.tsx';
import { RunMark } from './run-mark.tsx';

interface Props {
  readonly comparison: RunComparison;
  readonly ids: readonly string[];
}

/** Which runs are compared, which one the others are held against, and the way to others. */
export function ComparedRuns({ comparison, ids }: Props): JSX.Element {
  const others = (runs.value ?? []).filter(({ id }) => !ids.includes(id));
  return (
    <header class="compared">
      <div class="compared-head">
        <h1>Compare {ids.length} runs</h1>
        {others.length > 0 && ids.length < MOST_COMPARED && (
          <label>
            <span class="only-read">Add a run</span>
            <select value="" onChange={(event) => navigate(comparePath([...ids, event.currentTarget.value]))}>
              <option value="" disabled>
                Add a run …
              </option>
              {others.map(({ id, powerProfile, seed, durationSeconds }) => (
                <option key={id} value={id}>
                  {id}: {powerProfile}, {span(durationSeconds)}, seed {seed}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <ul>
        {comparison.runs.map((run, place) => (
          <li key={run.id} class="panel compared-run">
            <p class="compared-name">
              <RunMark place={place} />
              {run.kind === 'gone' ? <strong>{run.id}</strong> : <a href={runPath(run.id)}>{run.id}</a>}
              <button
                type="button"
                class="plain"
                aria-label={`Take ${run.id} out`}
                onClick={() => navigate(comparePath(ids.filter((id) => id !== run.id)))}
              >
                ×
              </button>
            </p>
            <Standing run={run} reference={comparison.reference} place={place} />
            {run.kind === 'reported' && place !== comparison.reference && (
              <button
                type="button"
                class="plain"
                onClick={() => navigate(comparePath([run.id, ...ids.filter((id) => id !== run.id)]))}
              >
                Hold the others against it
              </button>
            )}
          </li>
        ))}
      </ul>
    </header>
  );
}

interface StandingProps {
  readonly run: ComparedRun;
  readonly reference: number | null;
  readonly place: number;
}

function Standing({ run, reference, place }: StandingProps): JSX.Element {
  if (run.kind === 'gone') return <p class="second">{run.reason}</p>;
  const facts = (
    <p class="second">
      {run.run.title}, {run.run.powerProfile} profile, {span(run.run.durationSeconds)}, seed {run.run.seed}
    </p>
  );
  if (run.kind === 'unreported')
    return (
      <>
        {facts}
        <p>
          <RunStateTag run={run.run} />{' '}
          <span class="second">
            {run.run.simulatedSeconds > 0 &&
              `${percent(run.run.simulatedSeconds / run.run.durationSeconds)} simulated. `}
            {run.reason}
          </span>
        </p>
      </>
    );
  const letter = strokeOf(reference ?? 0).letter;
  const stands =
    place === reference
      ? 'the others are held against it'
      : run.paired
        ? `heard the same stream as ${letter}`
        : `not the stream of ${letter}, or not as long`;
  return (
    <>
      {facts}
      <p>
        <RunStateTag run={run.run} />
        <span class="quiet">
          {' '}
          {run.simulatedSeconds < run.run.durationSeconds * 0.999 && `after ${span(run.simulatedSeconds)} `}· {stands}
        </span>
      </p>
    </>
  );
}
