// What is wrong with something that a person gave, said so that they can mend it.

/** Ends a command with exit code 2, or an answer of the API with 4xx. The message names the file, the line, the place in it, and what to do. */
export class InputProblem extends Error {
  override readonly name = 'InputProblem';
}

/** Several at once: one a line. */
export const inputProblem = (problems: readonly string[]): InputProblem => new InputProblem(problems.join('\n'));
