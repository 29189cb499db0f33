// A wake word among speech and household sound: scenes mixed from recordings of one split each, as the shipped cascade is trained on.

import { breathe } from '../../breathe.ts';
import { nextIndex, nextUniform, seedRandom } from '../../random.ts';
import { LOG_MEL, LogMel } from '../../streams/front-end.ts';
import { type Bank, loadBank } from '../bank.ts';
import type { Look } from '../gated/insert.ts';
import { NETWORKS } from '../networks.ts';
import type { Progress } from '../progress.ts';
import { makeScene } from '../scenes.ts';
import { readSplits, type Split } from '../splits.ts';
import { windowAt, windowsOf } from '../windows.ts';
import { hearOtherwise, overTime } from './sound.ts';
import { type Example, type Examples, joinExamples, type TaskSpec } from './task.ts';

/** Windows as the verifier sees them: 1.2 s. */
const NETWORK = NETWORKS.verify;
/** Scenes of a split, and windows of each. */
const SCENES: Readonly<Record<Split, number>> = { train: 800, validation: 250, test: 350 };
/** Of the gates before the last: five places of four frames, 0.4 s. */
const LOOK: Look = { filters: 16, kernel: [5, 1], stride: [2, 1] };
const POSITIVES_EACH = 2;
const NEGATIVES_EACH = 4;

const spec = (word: 'computer' | 'jarvis'): TaskSpec => {
  const other = word === 'computer' ? 'jarvis' : 'computer';
  return {
    ...overTime(NETWORK.frames, 1, LOOK),
    name: `wake-word-${word}`,
    ships: word === 'computer',
    looksFor: `the word "${word}"`,
    about: `Windows of 1.2 s of scenes mixed at random: ${word}, or else continuous speech, commands, "${other}", halves of the word, ambient sound or nothing, at any level, over any background and in rooms. A window is positive when it ends with the word, negative when the word is not near.`,
    split:
      'By recording, as server/training/splits.json deals them out: wake words by cluster of voices, speech and commands by speaker, ambient sound by fold. The wake-word takes carry no speaker ids, so the low miss rates of unseen takes are no promise for new voices. The seeds share the split.',
    data: 'Picovoice wake-word-benchmark (Apache-2.0), Speech Commands v0.02 (CC BY 4.0), LibriSpeech (CC BY 4.0), ESC-10 (CC BY 3.0)',
    training: `Trained on scenes mixed at random from the training split (see docs/training.md). See docs/lab/wake-word-${word}.md.`,
    frontEnd: LOG_MEL,
    frames: NETWORK.frames,
    step: 10,
    classes: 1,
    schedule: { steps: 300, tuning: 200, batch: 64, learningRate: 4e-3 },
    taught: 0.5,
    spellSeconds: 0.3,
    load: async (data, progress) => {
      const splits = readSplits();
      const make = async (split: Split): Promise<Examples> => {
        const bank = await loadBank(data, splits, split);
        // The scenes know one word to look for, and one to be told from it.
        return mix(
          word === 'computer' ? bank : { ...bank, computer: bank.jarvis, jarvis: bank.computer },
          split,
          progress,
        );
      };
      const fold = { train: await make('train'), validation: await make('validation'), test: await make('test') };
      return () => fold;
    },
    augment: hearOtherwise,
  };
};

export const computer = spec('computer');
export const jarvis = spec('jarvis');

/** Groups are scenes: each draws recordings of its split. */
async function mix(bank: Bank, split: Split, progress: Progress): Promise<Examples> {
  const random = seedRandom(1, 'lab', split);
  const logMel = new LogMel();
  const examples: Example[] = [];
  for (let number = 0; number < SCENES[split]; number++) {
    if (number % 20 === 0) {
      progress.say(`mixing scene ${number + 1} of ${SCENES[split]} to ${split}`);
      await breathe(progress);
    }
    const scene = makeScene(bank, logMel, nextUniform(random) < 0.5, random);
    for (const [label, count] of [
      ['positive', POSITIVES_EACH],
      ['negative', NEGATIVES_EACH],
    ] as const) {
      const lasts = windowsOf(NETWORK, scene, label);
      for (let each = 0; each < count && lasts.length > 0; each++)
        examples.push({
          window: windowAt(NETWORK, scene, lasts[nextIndex(random, lasts.length)]),
          label: label === 'positive' ? 1 : 0,
          group: `${split}/scene ${number}`,
        });
    }
  }
  return joinExamples(examples);
}
