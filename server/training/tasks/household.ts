// A baby's cry, or a dog's bark, among other ambient sound: ESC-10, split by its own folds.
import { join } from 'node:path';
import { breathe } from '../../breathe.ts';
import { nextBetween, nextNormal, seedRandom } from '../../random.ts';
import { decodeFile } from '../../streams/decode.ts';
import { LOG_MEL, LogMel } from '../../streams/front-end.ts';
import { listClips } from '../clips.ts';
import { fromDecibels } from '../levels.ts';
import type { Progress } from '../progress.ts';
import { hearOtherwise, overTime } from './sound.ts';
import { type Example, type Examples, foldOut, joinExamples, type TaskSpec } from './task.ts';

const FRAMES = 50;
const FOLDS = 5;
/** Windows begin this many frames apart. */
const STEP = 12;
/** dB under the loudest frame of its clip at which a window of the event still shows it. */
const SHOWS = 18;

const spec = (name: string, label: string, looksFor: string): TaskSpec => ({
  ...overTime(FRAMES, 1),
  name,
  ships: false,
  looksFor,
  about: `Windows of 1 s of ESC-10's 300 clips, a quarter of a second apart, over a noise floor. Positive are windows of "${label}" whose loudest frame is within ${SHOWS} dB of the clip's; negative is every window of the nine other classes.`,
  split:
    "By ESC-10's own folds, which never part a source recording: each seed trains on three, chooses thresholds on one and is measured on another, so that five seeds measure every recording once.",
  data: 'ESC-10 (K. Piczak), CC BY 3.0',
  training: `Trained on ESC-10, split by its folds. See docs/lab/${name}.md.`,
  frontEnd: LOG_MEL,
  frames: FRAMES,
  step: STEP,
  classes: 1,
  schedule: { steps: 300, tuning: 120, batch: 64, learningRate: 4e-3 },
  taught: 0,
  spellSeconds: 5,
  load: async (data, progress) => {
    const examples = await readAmbient(data, label, progress);
    return (seed) => foldOut(examples, (group) => Number(group[0]) - 1, seed % FOLDS, FOLDS);
  },
  augment: hearOtherwise,
});

export const babyCry = spec('baby-cry', 'baby-cry', "a baby's cry");
export const dogBark = spec('dog-bark', 'dog-bark', "a dog's bark");

/** Groups are `<fold>-<freesound id>`. */
async function readAmbient(data: string, positive: string, progress: Progress): Promise<Examples> {
  const logMel = new LogMel();
  const examples: Example[] = [];
  for (const { path, kind, label } of listClips(data)) {
    if (kind !== 'ambient') continue;
    await breathe(progress);
    progress.say(`reading ${path}`);
    const samples = await decodeFile(join(data, path));
    const random = seedRandom(1, path);
    const floor = fromDecibels(nextBetween(random, -70, -55));
    for (let at = 0; at < samples.length; at++) samples[at] += floor * nextNormal(random);
    const frames = logMel.frames(samples);
    const group = (path.split('/').at(-1) ?? '').split('-').slice(0, 2).join('-');
    const loudness = loudnessOf(frames);
    const loudest = Math.max(...loudness);
    for (let from = 0; from + FRAMES <= loudness.length; from += STEP) {
      const shows = Math.max(...loudness.slice(from, from + FRAMES)) > loudest - SHOWS;
      if (label === positive && !shows) continue;
      examples.push({
        window: frames.slice(from * LOG_MEL.bands, (from + FRAMES) * LOG_MEL.bands),
        label: label === positive ? 1 : 0,
        group,
      });
    }
  }
  return joinExamples(examples);
}

/** dB of each frame: of its loudest band. */
function loudnessOf(frames: Float32Array): number[] {
  const { bands, floorDecibels, ceilingDecibels } = LOG_MEL;
  return Array.from({ length: frames.length / bands }, (_, frame) => {
    const most = Math.max(...frames.subarray(frame * bands, (frame + 1) * bands));
    return floorDecibels + ((most + 1) / 2) * (ceilingDecibels - floorDecibels);
  });
}
