// The program of a process that advises: it searches as the command line does, and tells how far it is.

import { InputProblem } from '../files/problem.ts';
import type { FromAdviser } from './advice-desk.ts';
import { type AdviceRequest, advise } from './advise.ts';

const tell = (message: FromAdviser): void => {
  process.send?.(message);
};

// Without its parent nobody would hear it.
process.on('disconnect', () => process.exit(1));
process.once('message', (request: AdviceRequest) => {
  void search(request).finally(() => process.disconnect());
});

async function search(request: AdviceRequest): Promise<void> {
  try {
    tell({ kind: 'advice', advice: await advise(request, (step, share) => tell({ kind: 'progress', step, share })) });
  } catch (error) {
    if (error instanceof InputProblem) tell({ kind: 'failed', problem: error.message });
    else throw error;
  }
}
