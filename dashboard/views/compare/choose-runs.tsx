// Choosing runs to compare: a box at each, and the way to the comparison.

import type { JSX } from 'preact';
import { MOST_COMPARED } from '../../../server/runs/compare/comparison.ts';
import type { RunView } from '../../../server/runs/views.ts';
import { navigate } from '../../routing/navigate.ts';
import { comparePath } from '../../routing/route.ts';
import { chosenRuns, toggleChosen } from '../../store/chosen-runs.ts';

export function ChooseRun({ run }: { run: RunView }): JSX.Element {
  const chosen = chosenRuns.value;
  const isChosen = chosen.includes(run.id);
  return (
    <input
      type="checkbox"
      class="choose"
      aria-label={`Compare ${run.id}`}
      checked={isChosen}
      disabled={!isChosen && chosen.length >= MOST_COMPARED}
      onChange={() => toggleChosen(run.id)}
    />
  );
}

/** Goes to the comparison of the chosen runs; forgotten ones are left out. */
export function CompareChosen({ runs }: { runs: readonly RunView[] }): JSX.Element {
  const ids = chosenRuns.value.filter((id) => runs.some((run) => run.id === id));
  const hint =
    ids.length === 0
      ? 'Choose runs to lay them side by side.'
      : ids.length === 1
        ? 'Choose one more.'
        : ids.length === MOST_COMPARED
          ? `Up to ${MOST_COMPARED} at once.`
          : '';
  return (
    <p class="compare-chosen">
      <button type="button" class="button" disabled={ids.length < 2} onClick={() => navigate(comparePath(ids))}>
        Compare {ids.length > 1 ? `${ids.length} runs` : ''}
      </button>
      <span class="quiet" role="status">
        {hint}
      </span>
    </p>
  );
}
