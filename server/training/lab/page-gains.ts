// The tables of a lab page on what gates save: on the task's device, and with other cores in front.
import { type ComputeCore, type ComputeCores, computeGain, gainBound, gainEstimate } from './first-cores.ts';
import { POSITIVE_RATES, type Row, type Study } from './study.ts';
import {
  ARRANGEMENT_WORDS,
  differenceText,
  energy,
  gainText,
  percent,
  percents,
  power,
  rowLine,
  times,
} from './words.ts';

/** The papers' least theoretical gain (arXiv 2405.01739). */
const PAPERS_LEAST = 158;

/** Lines of Markdown, as all of these give. */
export const gainLines = (rows: readonly Row[]): string[] => [
  '| gates | positive | windows that reach each part | compute, a window | gain | device | gain |',
  '| --- | ---: | --- | ---: | ---: | ---: | ---: |',
  ...rows.flatMap(linesOf),
  ...refusals(rows),
];

const linesOf = ({ arrangement, gains }: Row): readonly string[] =>
  gains.map(({ positiveRate, reach, joules, compute, watts, device }, at) =>
    rowLine(at === 0 ? ARRANGEMENT_WORDS[arrangement] : '', [
      percent(positiveRate),
      percents(reach),
      energy(joules),
      times(compute),
      watts === null ? 'refused' : power(watts),
      device === null ? '' : times(device),
    ]),
  );

function refusals(rows: readonly Row[]): string[] {
  const reasons = rows.flatMap(({ arrangement, refusal }) =>
    refusal === null ? [] : [`The device refuses ${ARRANGEMENT_WORDS[arrangement]}: ${refusal}`],
  );
  return reasons.flatMap((reason) => ['', reason]);
}

export function coreLines({ cores, rows, settings }: Study): string[] {
  const { application, first } = cores;
  const pico = ({ joulesPerMac }: ComputeCore): string => `${Number((joulesPerMac * 1e12).toPrecision(3))} pJ`;
  const gated = rows.filter(({ arrangement }) => arrangement !== 'none');
  return [
    '## With other cores in front',
    '',
    `Gain of compute alone where all parts but the last run on the core that is named, and the last one, as the network that it is compared with, on the ${application.profile}'s application core (${application.part}, ${pico(application)} a MAC). Bound: the energy of the whole network there over that of the first part alone, which runs for every window; no gate can do better. Whether a core holds the parts in its memory, or could be joined to that application core, is not asked.`,
    '',
    `| first core | a MAC | gates | bound | ${POSITIVE_RATES.map((rate) => `${percent(rate)} positive`).join(' | ')} |`,
    `| --- | ---: | --- | ---: | ${POSITIVE_RATES.map(() => '---:').join(' | ')} |`,
    ...first.flatMap((core) =>
      gated.map(({ arrangement, compute }, at) =>
        rowLine(at === 0 ? `${core.profile}: ${core.part} (${core.confidence})` : '', [
          at === 0 ? pico(core) : '',
          ARRANGEMENT_WORDS[arrangement],
          times(gainBound(compute, core, cores)),
          ...POSITIVE_RATES.map((rate) => times(computeGain(compute, core, cores, rate))),
        ]),
      ),
    ),
    '',
    largest(gated, cores),
    '',
    harder(settings, cores),
    '',
  ];
}

/** What a gate may stop of the positives, said beforehand and not chosen by what came of it. */
const STATED = 0.02;

/** What gates would gain that are set harder than where the whole decides best. */
function harder(settings: Study['settings'], { first }: ComputeCores): string {
  const rate = POSITIVE_RATES.length - 1;
  const said = settings
    .filter(({ hardness }) => hardness.lost === STATED)
    .map(
      ({ arrangement, gains, difference, positivesKept }) =>
        `with ${ARRANGEMENT_WORDS[arrangement]} it is ${gainText(gains[rate])}, ${percent(positivesKept)} of the test's positives are kept, and the difference to no gate is ${differenceText(difference)} points`,
    );
  return `Harder gates gain more, and cost quality. Where each gate may stop ${percent(STATED)} of validation's positives, a share that was named beforehand, ${said.join('; ')} (${first[first.length - 1].profile}, ${percent(POSITIVE_RATES[rate])} positive).`;
}

/** Where the largest gain comes from, and what would have to be otherwise for the papers' least. */
function largest(gated: readonly Row[], cores: Study['cores']): string {
  const all = gated.flatMap((row) =>
    cores.first.flatMap((core) =>
      POSITIVE_RATES.map((rate) => ({ row, core, rate, gain: computeGain(row.compute, core, cores, rate) })),
    ),
  );
  const { row, core, rate, gain } = all.reduce((a, b) => (b.gain > a.gain ? b : a));
  const { macs, wholeMacs } = row.compute;
  const estimated = gainEstimate(row.compute, row.drawn, core, cores, rate);
  return `The largest is ${gainText(estimated)} with ${ARRANGEMENT_WORDS[row.arrangement]}, ${core.profile} and ${percent(rate)} positive, of a bound of ${times(gainBound(row.compute, core, cores))}: its first part is ${percent(macs[0] / wholeMacs)} of the network's MAC at ${percent(core.joulesPerMac / cores.application.joulesPerMac)} of the energy of each, and ${percent(1 - row.negativesStopped)} of the negatives still reach the last part, which is ${percent(macs[macs.length - 1] / wholeMacs)} of the network. ${gain < PAPERS_LEAST ? `It stays below the papers' least, ${PAPERS_LEAST}x.` : `It is above the papers' least, ${PAPERS_LEAST}x.`}`;
}
