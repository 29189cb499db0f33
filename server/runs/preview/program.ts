// The program of the process that mixes previews: it answers one question after the other.

import { assertNever } from '../../assert-never.ts';
import { InputProblem } from '../files/problem.ts';
import { KeptPreviews } from './kept.ts';
import { OutsideStream } from './preview.ts';
import type { PreviewAnswer, PreviewQuestion } from './question.ts';

const kept = new KeptPreviews();

// Sent by the server of this program, typed there.
process.on('message', (question: PreviewQuestion) => {
  void answer(question).then((reply) => process.send?.(reply));
});
// Without its parent nobody would hear it.
process.on('disconnect', () => process.exit(0));

async function answer(question: PreviewQuestion): Promise<PreviewAnswer> {
  try {
    const preview = await kept.open(question);
    switch (question.kind) {
      case 'overview':
        return { kind: 'overview', overview: preview.overview() };
      case 'stretch': {
        const { fromSeconds, toSeconds, points } = question;
        return { kind: 'stretch', stretch: preview.stretch(fromSeconds, toSeconds, points) };
      }
      case 'sound': {
        const { fromSeconds, toSeconds, gain } = question;
        return { kind: 'sound', file: preview.sound(fromSeconds, toSeconds, gain) };
      }
      case 'picture':
        return { kind: 'picture', file: preview.picture(question.atSeconds) };
      default:
        return assertNever(question);
    }
  } catch (error) {
    if (error instanceof OutsideStream) return { kind: 'refused', cause: 'range', problem: error.message };
    if (error instanceof InputProblem) return { kind: 'refused', cause: 'scenario', problem: error.message };
    console.error(error);
    return {
      kind: 'refused',
      cause: 'fault',
      problem: 'The preview met a fault of the program, which the server’s log describes.',
    };
  }
}
