// A task's lab page: what was measured, as Markdown, with its picture.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../paths.ts';
import { writeWhole } from '../progress.ts';
import { coreLines, gainLines } from './page-gains.ts';
import { costLines, qualityLines, settingLines, sweepLines, verdict } from './page-quality.ts';
import { labPicture } from './picture.ts';
import type { Shipped } from './ship.ts';
import { DEVICE_HOURS, type Study } from './study.ts';
import { ALPHA, BETA } from './variants.ts';
import { ARRANGEMENT_WORDS, percent, power } from './words.ts';

/** The gains that the picture shows. */
const SHOWN = 1;

/** Writes docs/lab/<task>.md and .svg; gives the page. */
export function writePage(study: Study, shipped: Shipped | null): string {
  const folder = join(projectRoot(), 'docs', 'lab');
  const page = pageOf(study, shipped);
  // A quick one is only to see that it works: it replaces no measured page.
  if (study.setting.quick) return page;
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, `${study.task.name}.svg`), labPicture(study, SHOWN));
  writeWhole(join(folder, `${study.task.name}.md`), page);
  return page;
}

export function pageOf(study: Study, shipped: Shipped | null): string {
  const { task, setting, sizes, rows, sweep, energy, windowSeconds, floorWatts } = study;
  const dropsTokens = study.trained.some(({ trained }) => (trained.parts[0].sends?.together ?? 1) > 1);
  const { profile, powerProfile } = task.device;
  const perMac = Object.entries(energy.perMac).map(([core, joules]) => `${core} ${(joules * 1e12).toFixed(0)} pJ`);
  const split = ({ positives, negatives, groups }: Study['sizes']['test']): string =>
    `${positives} positive and ${negatives} negative windows of ${groups}`;
  return [
    `# Gates in a network that looks for ${task.looksFor}`,
    '',
    `Made by \`lightsleeper lab ${task.name} --seeds ${setting.seeds}${setting.quick ? ' --quick' : setting.sweep ? '' : ' --no-sweep'}\`. All figures are measured on the test split with the 8-bit parts, as means over ${setting.seeds} seed${setting.seeds === 1 ? '' : 's'}.`,
    ...(setting.quick ? ['', '**A quick one, of few steps: to see that it works, not to read figures from.**'] : []),
    '',
    `${task.about} ${task.split}`,
    '',
    `- Data: ${task.data}. In the first seed's split: to train ${split(sizes.train)}, to choose thresholds ${split(sizes.validation)}, to measure ${split(sizes.test)} subjects, recordings or pictures.`,
    `- Network: ${task.networkWords}; ${setting.steps.whole} steps of ${task.schedule.batch} windows without gates, then ${setting.steps.tuning} of each variant, the one without gates too (Adam, learning rate ${task.schedule.learningRate}).`,
    `- A gated compression layer is a gate head and a compression to fewer channels (and places, or tokens), put into the trained network and trained on with it, by task + Σ α·BCE(gate, is positive) + Σ β·mean |activation|. Where no other values are given, α is ${ALPHA} and β is ${BETA} at every gate.`,
    `- A gate head reads the mean of the activations over places${looksLine(task)}, with a hidden layer.${task.taught === 0 ? '' : ` Of the task's loss, ${percent(task.taught)} is what the network that variants begin with says of the same windows (distillation, arXiv 1503.02531), for the variant without gates too.`}`,
    '- Gates: all set together, where the whole decides best on validation subjects, recordings or pictures that did not set them (four-fold, by them), open gates being among the choices; of equal settings the hardest; then set on all of validation. A setting is the highest threshold at each gate that stops one share, the same for all, of the positives which the last part accepts, or one of lower odds, and the last threshold of best balanced accuracy behind them.',
    '- Intervals (95 %): bootstrap over subjects, recordings or pictures of each test; the difference is to the network without gates on the same windows.',
    '',
    `![Balanced accuracy and gain by arrangement of gates](${task.name}.svg)`,
    '',
    '## Where the gates are',
    '',
    ...qualityLines(rows),
    '',
    `Stopped: negatives that the last part never sees. Kept: positives that it sees. Compressed: by cut, 1 - bytes that cross for a window that passes (${dropsTokens ? 'a bit for each token and a byte for each value of those that are not dropped' : 'a bit for each value and a byte for each that is not zero'}) over the bytes of the activations that are there without a gate, in 8 bits as all else here, and in the 32 bits that the network was trained with.`,
    '',
    verdict(rows),
    '',
    ...costLines(rows),
    '',
    ...(dropsTokens
      ? [
          'Tokens that are dropped are all the same vector in the parts behind, and stay so: one of them is computed for all. The MAC of these parts are those of the tokens that are kept, on the mean of the windows that reach them, and of that one.',
          '',
        ]
      : []),
    ...settingLines(study),
    '## What they save',
    '',
    `Against the network without gates on the application core, for every window. Energy of a MAC (${profile}, ${powerProfile}): ${perMac.join(', ')}. Compute alone is the sum over parts of P(reach)·MAC·energy of a MAC, and of the bytes that cross; wake-ups, front end and rest are not in it. The gain depends on the positive rate and on the cores as much as on the network: it is worth nothing without them.`,
    '',
    `The whole device is the ${profile} simulated for ${DEVICE_HOURS} h with its floor: a window every ${Number((1000 * windowSeconds).toPrecision(3))} ms, its sensor (whose own gate, where it has one, is always open), memories, links, sleep states, wake-ups and regulators. Positives come in spells of ${task.spellSeconds} s, and nothing is triggered. ${floorWatts === null ? '' : `With everything stopped at the first gate, early, it draws ${power(floorWatts)}: its floor, which no gate can lower.`}`,
    '',
    ...gainLines(rows),
    '',
    ...coreLines(study),
    ...(sweep.length === 0 ? [] : sweepLines(sweep, setting.seeds)),
    'The papers (arXiv 2303.08970, 2405.01739) claim up to 96 % of negatives stopped, 97 % of activations compressed and theoretical gains of 158x to 30,000x on their own data, networks and hardware; those are their figures, and these are ours. The loss and layers are our reconstruction.',
    ...(shipped === null ? [] : ['', shippedLine(shipped, setting.seeds)]),
    '',
  ].join('\n');
}

/** Which gates see the order of places, and how. */
function looksLine({ places }: Study['task']): string {
  const looks = (['early', 'middle', 'late'] as const).flatMap((name) => {
    const { look } = places[name];
    return look === undefined
      ? []
      : [`${name}: ${look.filters} filters of ${look.kernel.join(' × ')}, stride ${look.stride.join(' × ')}`];
  });
  return looks.length === 0 ? '' : `, after a convolution over them where it has one (${looks.join('; ')})`;
}

function shippedLine({ arrangement, seed, files, own, present, isWritten }: Shipped, seeds: number): string {
  const which = `the network with ${ARRANGEMENT_WORDS[arrangement]} gates of seed ${seed}`;
  const names = `\`scenarios/models/${files.join('`, `')}\``;
  return isWritten
    ? `What ships: ${names}, ${which}, whether or not it is the best of the ${seeds}.`
    : `What ships is another network: ${names} of an earlier training decide better on validation (balanced accuracy ${percent(present ?? 0)}) than ${which} of this one (${percent(own)}).`;
}
