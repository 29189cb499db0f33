// Runs that a person chose in order to compare them, in the order of choosing.

import { signal } from '@preact/signals';
import { MOST_COMPARED } from '../../server/runs/compare/comparison.ts';

export const chosenRuns = signal<readonly string[]>([]);

/** Takes a run in or out; one more than can be compared is not taken. */
export function toggleChosen(id: string): void {
  const chosen = chosenRuns.value;
  if (chosen.includes(id)) chosenRuns.value = chosen.filter((other) => other !== id);
  else if (chosen.length < MOST_COMPARED) chosenRuns.value = [...chosen, id];
}
