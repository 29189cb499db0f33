// What each measure of the recipe buys: the keyword network trained with all of them, and with each left out, on the same short budget, judged on the
// validation recordings.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { breathe } from '../breathe.ts';
import { writeOnnx } from '../models/onnx.ts';
import { ModelSession } from '../models/session.ts';
import { ablationPage } from './ablation-page.ts';
import { type Bank, loadBank } from './bank.ts';
import { toOnnx } from './export.ts';
import { type FitSettings, trainNetwork } from './fit.ts';
import { type Hearing, hear, type Mixed, mixSplit, NEGATIVE_KINDS, SNRS, scoreHops } from './hearing.ts';
import { cacheFolder } from './lab/checkpoints.ts';
import { NETWORKS } from './networks.ts';
import { projectRoot } from './paths.ts';
import { type Progress, writeWhole } from './progress.ts';
import { falseAccepts, hoursOf, isDetected } from './quality.ts';
import { MEASURES, type Measure } from './recipe.ts';
import type { Splits } from './splits.ts';
import { loadTensorFlow, type Tf } from './tensorflow.ts';
import { makeValidationSet, type ValidationSet } from './validation.ts';

/** Less than half of the keyword model's own budget: enough to tell recipes apart, and two dozen networks within an hour. */
const SETTINGS = {
  steps: 600,
  batch: 128,
  learningRate: 2e-3,
  positives: 0.35,
  poolScenes: 800,
  newScenes: 250,
  refreshSteps: 150,
  dropout: 0.1,
} as const satisfies Omit<FitSettings, 'seed' | 'without'>;
const SEEDS = [1, 2];
/** False accepts an hour at which misses are counted, over negatives of all kinds and ratios together. */
export const BUDGETS = [3, 10, 30] as const;

const trialSchema = z.object({
  seed: z.number(),
  /** Hours of negatives heard. */
  hours: z.number(),
  /** In validation scenes, see missesOf. */
  sceneMisses: z.number(),
  /** Takes over backgrounds: whether each is missed, by budget. */
  hearings: z.array(z.object({ path: z.string(), group: z.string(), snr: z.number(), missed: z.array(z.boolean()) })),
});
export type Trial = z.infer<typeof trialSchema>;

/** Networks that differ in their seed alone; those of the whole recipe are of all seeds. */
export interface Variant {
  /** Null: the whole recipe. */
  readonly without: Measure | null;
  readonly trials: readonly Trial[];
}

export interface Ablation {
  readonly variants: readonly Variant[];
  readonly steps: number;
}

/**
 * Trains what is not in the cache, and writes docs/ablation.md as soon as each measure was left out once, and after each network from there on; gives it. A trial is kept as soon as it is finished. Throws the reason of `progress.stop`.
 */
export async function ablate(dataFolder: string, splits: Splits, progress: Progress): Promise<string> {
  const tf = await loadTensorFlow((line) => progress.note(line));
  progress.note('decoding the recordings');
  const [train, validation] = [
    await loadBank(dataFolder, splits, 'train'),
    await loadBank(dataFolder, splits, 'validation'),
  ];
  const set = await makeValidationSet(NETWORKS.keyword, validation, progress);
  // The same for every network: mixed once.
  const mixed: Mixed[] = [];
  for await (const one of mixSplit(validation, splits.voices, progress)) mixed.push(one);
  const trialOf = (without: Measure | null, seed: number): Promise<Trial> =>
    once({ ...SETTINGS, seed, without, backend: tf.getBackend() }, () =>
      runTrial(tf, without, seed, train, set, mixed, progress),
    );
  const names: readonly Variant['without'][] = [null, ...MEASURES.map(({ name }) => name)];
  const trials = new Map<Variant['without'], Trial[]>(names.map((name) => [name, []]));
  let page = '';
  for (const seed of SEEDS)
    for (const [without, known] of trials) {
      await breathe(progress);
      known.push(await trialOf(without, seed));
      progress.note(`${without === null ? 'the whole recipe' : `without ${without}`}, seed ${seed}: done`);
      // From the first seed on there is something to compare.
      if ([...trials.values()].some(({ length }) => length === 0)) continue;
      const variants = [...trials].map(([name, done]): Variant => ({ without: name, trials: done }));
      page = ablationPage({ variants, steps: SETTINGS.steps });
      writeWhole(join(projectRoot(), 'docs', 'ablation.md'), page);
    }
  return page;
}

/** What was done with these settings before, or `work` now; kept in the user's cache. */
async function once(settings: object, work: () => Promise<Trial>): Promise<Trial> {
  const folder = join(cacheFolder(), 'lightsleeper', 'ablation');
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 24);
  const path = join(folder, `${key}.json`);
  if (existsSync(path)) return trialSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const trial = await work();
  mkdirSync(folder, { recursive: true });
  writeWhole(path, JSON.stringify(trial));
  return trial;
}

async function runTrial(
  tf: Tf,
  without: Measure | null,
  seed: number,
  train: Bank,
  set: ValidationSet,
  mixed: readonly Mixed[],
  progress: Progress,
): Promise<Trial> {
  const network = NETWORKS.keyword;
  const settings: FitSettings = { ...SETTINGS, seed, without: new Set(without === null ? [] : [without]) };
  const { folded, misses } = await trainNetwork(tf, network, settings, train, set, progress);
  const session = await ModelSession.open(writeOnnx(toOnnx(network, folded)), network.frames, network.bands);
  const heard = await hear(mixed, async (frames, from) => ({
    keyword: await scoreHops('keyword', session, frames, from),
  }));
  await session.close();
  const negatives = NEGATIVE_KINDS.flatMap((kind) => [...heard.negatives[kind].values()].flat());
  const hours = hoursOf(negatives);
  const thresholds = BUDGETS.map((budget) => thresholdFor(negatives, budget * hours));
  return {
    seed,
    hours,
    sceneMisses: misses,
    hearings: SNRS.flatMap((snr) =>
      (heard.words.get(snr) ?? []).map((hearing) => ({
        path: hearing.path,
        group: hearing.group,
        snr,
        missed: thresholds.map((keyword) => !isDetected(hearing, ['keyword'], { keyword })),
      })),
    ),
  };
}

/** The lowest threshold with which no more than so many false accepts come. */
function thresholdFor(negatives: readonly Hearing<'keyword'>[], most: number): number {
  const peaks = Float32Array.from(
    negatives.flatMap(({ scores, hops }) => {
      const seconds: number[] = [];
      for (let hop = 0; hop < hops; hop += 50)
        seconds.push(scores.keyword.subarray(hop, hop + 50).reduce((a, b) => Math.max(a, b), 0));
      return seconds;
    }),
  )
    .sort()
    .reverse();
  // Just above a peak, one second after the other, from the highest on.
  let threshold = 1;
  for (const peak of peaks) {
    if (falseAccepts(negatives, ['keyword'], { keyword: peak }) > most) break;
    threshold = peak;
  }
  return threshold;
}
