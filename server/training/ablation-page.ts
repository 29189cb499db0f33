// docs/ablation.md: misses by measure left out, with intervals.
import { nextIndex, seedRandom } from '../random.ts';
import { quantile } from '../runs/report/statistics.ts';
import { type Ablation, BUDGETS, type Trial, type Variant } from './ablation.ts';
import { SNRS } from './hearing.ts';
import { row, shareText } from './markdown.ts';
import { shareOfTakes } from './quality.ts';
import { MEASURES } from './recipe.ts';

/** Of BUDGETS: the one whose misses are given by ratio. */
const SHOWN = 1;
const RESAMPLES = 2000;

export function ablationPage({ variants, steps }: Ablation): string {
  const [whole, ...others] = variants;
  const [{ hearings, hours }] = whole.trials;
  const groups = new Set(hearings.map(({ group }) => group)).size;
  const takes = new Set(hearings.map(({ path }) => path)).size;
  const seeds = whole.trials.length;
  const isWhole = others.every(({ trials }) => trials.length === seeds);
  return `${[
    '# What each measure of the training recipe buys',
    '',
    `Made by \`npx lightsleeper train ablation\`: do not edit. The keyword network ([training](training.md)), trained from nothing for ${steps} steps, ${times(seeds)} with all`,
    `measures and ${isWhole ? 'as often' : 'as often or once less'} with each left out; float weights, the running mean at the checkpoint that does best in validation scenes. Nothing of this has seen the test`,
    `split. All figures are of the validation split: ${takes} takes of "computer" in ${groups} clusters of voices, over four backgrounds each (microphone noise, steady and other ambient`,
    `sound, synthetic noise), against ${hours.toFixed(1)} h of speech, words and ambient sound (a quarter of that distinct: each is heard at four ratios).`,
    '',
    `**Misses** by ratio of speech to background where ${BUDGETS[SHOWN]} false accepts an hour come from all negatives and ratios together; means over the seeds that there are, in brackets 95 % intervals`,
    'as if each take had been heard once (Clopper and Pearson).',
    '',
    `| left out | ${SNRS.map((snr) => `${snr} dB`).join(' | ')} |`,
    `| --- |${SNRS.map(() => ' ---: |').join('')}`,
    ...variants.map((variant) =>
      row(
        nameOf(variant),
        SNRS.map((snr) => missesAt(variant, snr)),
      ),
    ),
    '',
    `**What leaving it out costs**: more misses, in points, averaged over the four ratios and over ${BUDGETS.join(', ')} false accepts an hour. Paired by take and background; the`,
    'interval is of a bootstrap over clusters of voices, and says nothing of seeds, which stand beside it. In the last column more misses in scenes mixed with the whole',
    'recipe, of the validation split too: what is left out sounds there.',
    '',
    `| left out | what it is | costs | 95 % | ${whole.trials.map(({ seed }) => `seed ${seed}`).join(' | ')} | in scenes |`,
    `| --- | --- | ---: | --- |${whole.trials.map(() => ' ---: |').join('')} ---: |`,
    ...others
      .map((variant) => costRow(variant, whole))
      .toSorted((a, b) => b.cost - a.cost)
      .map(({ text }) => text),
    '',
    `With the whole recipe ${seeds === 1 ? 'this seed misses' : 'the seeds miss'} ${whole.trials.map((trial) => `${points(meanMisses(trial))} %`).join(' and ')} on average (${whole.trials.map(({ sceneMisses }) => `${points(sceneMisses)} %`).join(' and ')} in scenes). A cost`,
    'that is smaller than what seeds differ by, or whose interval holds zero, is not shown by this; and more of what is hard to learn may want more steps than these.',
    '',
  ].join('\n')}`;
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
const nameOf = ({ without }: Variant): string => without ?? 'nothing';

function missesAt({ trials }: Variant, snr: number): string {
  const hearings = trials.flatMap((trial) => trial.hearings.filter((hearing) => hearing.snr === snr));
  const takes = new Set(hearings.map(({ path }) => path)).size;
  return shareText(shareOfTakes(hearings.filter(({ missed }) => missed[SHOWN]).length, hearings.length, takes));
}

function costRow(variant: Variant, whole: Variant): { readonly cost: number; readonly text: string } {
  const bySeed = variant.trials.map((trial, index) => meanMisses(trial) - meanMisses(whole.trials[index]));
  const seeds = whole.trials.map((_, index) => (index < bySeed.length ? signed(bySeed[index]) : 'not yet'));
  const scenes = mean(variant.trials.map(({ sceneMisses }, index) => sceneMisses - whole.trials[index].sceneMisses));
  const cost = mean(bySeed);
  const [low, high] = bootstrap(variant, whole);
  const words = MEASURES.find(({ name }) => name === variant.without)?.words ?? '';
  return {
    cost,
    text: row(nameOf(variant), [words, signed(cost), `${signed(low)} to ${signed(high)}`, ...seeds, signed(scenes)]),
  };
}

/** Interval of the mean difference, clusters of voices drawn anew. */
function bootstrap(variant: Variant, whole: Variant): readonly [number, number] {
  const groups = new Map<string, { sum: number; count: number }>();
  for (const [index, { hearings }] of variant.trials.entries())
    for (const [at, { group, missed }] of hearings.entries()) {
      const known = groups.get(group) ?? { sum: 0, count: 0 };
      const before = whole.trials[index].hearings[at].missed;
      for (const [budget, isMissed] of missed.entries()) known.sum += Number(isMissed) - Number(before[budget]);
      known.count += missed.length;
      groups.set(group, known);
    }
  const all = [...groups.values()];
  const random = seedRandom(1, 'ablation', nameOf(variant));
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < all.length; draw++) {
      const one = all[nextIndex(random, all.length)];
      sum += one.sum;
      count += one.count;
    }
    return sum / count;
  }).sort((a, b) => a - b);
  return [quantile(means, 0.025) ?? 0, quantile(means, 0.975) ?? 0];
}

const meanMisses = ({ hearings }: Trial): number => mean(hearings.flatMap(({ missed }) => missed.map(Number)));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const points = (share: number): string => (100 * share).toFixed(1);
const signed = (share: number): string => `${share < 0 ? '-' : '+'}${points(Math.abs(share))}`;
