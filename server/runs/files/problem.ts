// What is wrong with something that a person gave, said so that they can mend it.

/** Ends a command with exit code 2, or an answer of the API with 4xx. The message names the file, the line, the place in it, and what to do. */
export class InputProblem extends Error {
  override readonly name = 'InputProblem';
}

/** Several at once: one a line. */
export const inputProblem = (problems: readonly string[]): InputProblem => new InputProblem(problems.join('\n'));

/** `file:line: a.b[2]` of a place in a file that was read. */
export type Places = (...place: ReadonlyArray<string | number>) => string;

export interface Impossible {
  /** Where in the files it is written. */
  readonly place: string;
  readonly reason: string;
  /** What cannot be, whatever it is short by: `weights of keyword on dsp`. */
  readonly subject: string;
  /** How much is wanting: bytes, or nanoseconds of a hop. */
  readonly short: number;
}

/** A device that cannot do what is asked of it. */
export class Refusal extends InputProblem {
  readonly reasons: readonly Impossible[];

  constructor(reasons: readonly Impossible[]) {
    super(reasons.map(({ place, reason }) => `${place}: ${reason}`).join('\n'));
    this.reasons = reasons;
  }
}
