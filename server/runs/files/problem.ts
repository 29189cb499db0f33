// What is wrong with something that a person gave, said so that they can mend it.

/** Ends a command with exit code 2, or an answer of the API with 4xx. The message names the file, the line, the place in it, and what to do. */
export class InputProblem extends Error {
  override readonly name = 'InputProblem';
}

/** Several at once: one a line. */
export const inputProblem = (problems: readonly string[]): InputProblem => new InputProblem(problems.join('\n'));

/** `file:line: a.b[2]` of a place in a file that was read. */
export type Places = (...place: ReadonlyArray<string | number>) => string;

/** A device that cannot do what is asked of it. */
export class Refusal extends InputProblem {
  /** What is wrong, without the places in files. */
  readonly reasons: readonly string[];

  constructor(problems: ReadonlyArray<{ readonly place: string; readonly reason: string }>) {
    super(problems.map(({ place, reason }) => `${place}: ${reason}`).join('\n'));
    this.reasons = problems.map(({ reason }) => reason);
  }
}
