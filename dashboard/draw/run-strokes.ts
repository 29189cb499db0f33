// How runs side by side are told apart: by letter, colour and dash, in the order of the address.

export interface RunStroke {
  readonly letter: string;
  readonly colour: string;
  /** Pixels of line and gap, as canvases and SVG take them. */
  readonly dash: readonly number[];
}

const STROKES: readonly RunStroke[] = [
  { letter: 'A', colour: 'var(--run-1)', dash: [] },
  { letter: 'B', colour: 'var(--run-2)', dash: [7, 3] },
  { letter: 'C', colour: 'var(--run-3)', dash: [2, 3] },
  { letter: 'D', colour: 'var(--run-4)', dash: [10, 3, 2, 3] },
  { letter: 'E', colour: 'var(--run-5)', dash: [4, 4] },
  { letter: 'F', colour: 'var(--run-6)', dash: [12, 3, 2, 3, 2, 3] },
];

/** @param place of the run among those compared, from 0 */
export const strokeOf = (place: number): RunStroke => STROKES[place % STROKES.length] as RunStroke;
