import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { MOST_COMPARED } from '../../../server/runs/compare/comparison.ts';
import type { RunView } from '../../../server/runs/views.ts';
import { percent } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { navigate } from '../../routing/navigate.ts';
import { comparePath } from '../../routing/route.ts';
import { runs } from '../../store/runs.ts';
import { Panel } from '../parts/panel.tsx';
import { RunStateTag } from '../parts/run-state.tsx';

/** What to compare a run with, or, with none, which runs to compare. */
export function Chooser({ first }: { first: string | null }): JSX.Element {
  const others = useSignal<readonly string[]>([]);
  const list = runs.value;
  if (list === null) return <div class="loading card-shape" role="status" aria-label="Loading the runs" />;
  const known = list.find(({ id }) => id === first) ?? null;
  const shown = list.filter(({ id }) => id !== known?.id);
  const ids = [...(known === null ? [] : [known.id]), ...others.value];
  if (shown.length === 0 || (known === null && shown.length === 1))
    return (
      <div class="empty">
        <h1>
          {known === null ? 'There is nothing to compare yet' : `There is no other run to compare ${known.id} with`}
        </h1>
        <p>Launch a scenario once more, with another power profile, seed or charge, and lay both side by side.</p>
        <a class="button" href="/">
          Scenarios and runs
        </a>
      </div>
    );
  return (
    <div class="compare">
      <header class="lead">
        <h1>{known === null ? 'Compare runs' : `Compare ${known.id} with …`}</h1>
        <p class="second">
          {known === null
            ? 'The first that you choose is what the others are held against.'
            : `${known.title}, ${facts(known)}. The others are held against it.`}{' '}
          Up to {MOST_COMPARED} fit side by side.
        </p>
      </header>
      {first !== null && known === null && <p class="problem">There is no run {first} any more. Choose others.</p>}
      <Panel title="Runs" aside={<span class="quiet">newest first</span>}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            navigate(comparePath(ids));
          }}
        >
          <ul class="chooser">
            {shown.map((run) => (
              <li key={run.id}>
                <label>
                  <input
                    type="checkbox"
                    class="choose"
                    checked={others.value.includes(run.id)}
                    disabled={!others.value.includes(run.id) && ids.length >= MOST_COMPARED}
                    onChange={() => {
                      const chosen = others.value;
                      others.value = chosen.includes(run.id)
                        ? chosen.filter((id) => id !== run.id)
                        : [...chosen, run.id];
                    }}
                  />
                  <strong>{run.id}</strong> <span>{run.title}</span>
                  <span class="quiet">{facts(run)}</span>
                  <RunStateTag run={run} />
                </label>
              </li>
            ))}
          </ul>
          <button type="submit" class="primary" disabled={ids.length < 2}>
            Compare {ids.length > 1 ? `${ids.length} runs` : ''}
          </button>
        </form>
      </Panel>
    </div>
  );
}

const facts = (run: RunView): string =>
  `${run.powerProfile}, ${span(run.durationSeconds)}, seed ${run.seed}${
    run.state === 'finished' || run.durationSeconds === 0
      ? ''
      : `, ${percent(Math.floor((run.simulatedSeconds / run.durationSeconds) * 1000) / 1000)} done`
  }`;
