import { InputProblem } from '../runs/files/problem.ts';

/** Training that went out of bounds. */
export class Diverged extends InputProblem {}
