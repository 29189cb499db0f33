// What a validation found, for people: a few lines for a terminal, a page for the documentation.

import { FRONT_END_OPERATIONS, WAKE_WORD_MACS } from './benchmark.ts';
import { CYCLES, FIXED_SHARE, PERIPHERAL_FACTOR, SLEEP_RATIO } from './evidence.ts';
import type { Effect } from './predict.ts';
import type { Held, LeftOut, Validation } from './validation.ts';

const milliwatts = (watts: number): string => (watts * 1e3).toFixed(watts < 0.01 ? 3 : 2);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const signed = (share: number): string =>
  `${share > 0 ? '+' : share < 0 ? '−' : ''}${(100 * Math.abs(share)).toFixed(1)} %`;

export const errorOf = ({ prediction, measured }: Held): number => prediction.nominal.watts / measured.watts - 1;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return 0.5 * (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]);
};

/** Half of it either way: the wider side of the interval, as a share of the prediction. */
export const widthOf = ({ prediction: { nominal, watts } }: Held): number =>
  Math.max(watts.high / nominal.watts - 1, 1 - watts.low / nominal.watts);

const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

export function printValidation({ held, blind }: Validation): string {
  const errors = held.map((one) => Math.abs(errorOf(one)));
  const line = (title: string, text: string) => `${title.padEnd(28)} ${text}`;
  return [
    ...held.map((one) =>
      line(
        one.title,
        `${milliwatts(one.prediction.nominal.watts)} mW (${milliwatts(one.prediction.watts.low)} to ${milliwatts(one.prediction.watts.high)}), measured ${milliwatts(one.measured.watts)}: ${signed(errorOf(one))}; duty cycle ${percent(one.prediction.nominal.dutyCycle)}, measured ${percent(one.measured.dutyCycle)}`,
      ),
    ),
    line('', `median ${percent(median(errors))}, worst ${percent(Math.max(...errors))} off`),
    ...blind.map(({ title, prediction: { nominal, watts } }) =>
      line(
        title,
        `${milliwatts(nominal.watts)} mW (${milliwatts(watts.low)} to ${milliwatts(watts.high)}), nothing measured to hold it against`,
      ),
    ),
    '',
  ].join('\n');
}

export function validationPage(validation: Validation): string {
  const { held, blind, leftOut, source } = validation;
  const errors = held.map((one) => Math.abs(errorOf(one)));
  const m4 = CYCLES['cortex-m4'];
  const m7 = CYCLES['cortex-m7'];
  return `# Validation

Does a profile say what a power analyser says? The streaming wake word of MLPerf Tiny v1.3 is 1,200 s of audio with a window every 32 ms on a whole board;
its average power and duty cycle are published. The simulator predicts both from the profiles of ${held.length} boards, which were derived from *other*
published figures: inference latency and energy, clocks, run and sleep currents. Made by \`lightsleeper validate --write docs\`.

![Predicted intervals against measured power](validation.svg)

${table(
  ['system', 'predicted mW', 'interval', 'measured mW', 'error', 'duty cycle', 'interval', 'measured', 'error'],
  held.map((one) => {
    const { prediction, measured, title } = one;
    return [
      title,
      milliwatts(prediction.nominal.watts),
      `${milliwatts(prediction.watts.low)} to ${milliwatts(prediction.watts.high)}`,
      milliwatts(measured.watts),
      signed(errorOf(one)),
      percent(prediction.nominal.dutyCycle),
      `${percent(prediction.dutyCycle.low)} to ${percent(prediction.dutyCycle.high)}`,
      percent(measured.dutyCycle),
      signed(prediction.nominal.dutyCycle / measured.dutyCycle - 1),
    ];
  }),
)}

The median error of the power is ${percent(median(errors))}, the worst ${percent(Math.max(...errors))}. Sleep currents of the chip itself were found for ${listed(held.filter(({ sourced }) => sourced))}; for ${listed(held.filter(({ sourced }) => !sourced))}
they were not, and the interval says what that means. Measured: ${source}.

## What is missing, and how much

A wrong duty cycle costs its difference times active less sleep power; what is left of the error is sleep power and what the profile does not hold.

${table(
  ['system', 'measured less predicted, mW', 'from the duty cycle', 'from sleep and the rest', 'not in the profile'],
  held.map((one) => {
    const { prediction, measured, activeWatts, sleepWatts, title } = one;
    const total = measured.watts - prediction.nominal.watts;
    const work = (measured.dutyCycle - prediction.nominal.dutyCycle) * (activeWatts - sleepWatts);
    return [title, ...[total, work, total - work].map((watts) => (watts * 1e3).toFixed(3)), measured.missing];
  }),
)}

## One method for all boards

A board is a file of cited lines, \`device-profiles/boards/*.yaml\`; \`lightsleeper profile derive\` makes its profile, with the same rules for all. The
streaming results are in another file that it never reads. **No parameter is fitted to a streaming result**, so there is no such fit to cross-validate;
the ratios and cycles that fill gaps come from other chips than the one they are used for. But the results were known to the author when the rules were
written, which a reader should know. That is why further predictions, of results that were not looked at, stand below.

1. **Work.** The network has ${WAKE_WORD_MACS.toLocaleString('en')} multiply-accumulates. Latency = overhead + operations / rate, and energy likewise, go through the two networks of
   the same system between which it lies (anomaly detection and keywords); without the smaller one, the rate of the nearest. The rate is ranged by how
   far the rates of the system's networks lie apart, 30 % at least.
2. **Clock.** At another clock the same cycles are needed. Power follows the data sheet's run currents; without them clock and voltage squared, with
   ${100 * FIXED_SHARE.low} to ${100 * FIXED_SHARE.high} % of it fixed. Between two measured clocks both go on a logarithmic scale.
3. **Front end.** The reference firmware's operations for a 64 ms window: ${FRONT_END_OPERATIONS.single.toLocaleString('en')} in single precision, counted as our own front end's are, and
   ${FRONT_END_OPERATIONS.double.toLocaleString('en')} in double precision, into which its literals and its \`log10\` lead. Cycles each: ${m4.single.toFixed(2)} and ${m4.double.toFixed(1)} on a Cortex-M4 or M33, ${m7.single.toFixed(2)} and ${m7.double.toFixed(1)} on a
   Cortex-M7, from other people's measurements (their sources are in the profiles). Within 30 %.
4. **Sleep.** As a share of the active power, which cancels supply and converter: the share that a board of this chip showed; else the data sheet's, times
   ${PERIPHERAL_FACTOR.value.toFixed(2)} (1 to ${PERIPHERAL_FACTOR.high.toFixed(2)}) for peripherals left on; else ${SLEEP_RATIO.value.toFixed(2)} (${SLEEP_RATIO.low} to ${SLEEP_RATIO.high}) of running at the sleeping clock. A part that gates its power says its own figure.
5. **Interval.** Every ranged figure goes from end to end by itself; the effects add as independent ones do, in squares.

## Each figure's part

What the prediction becomes when one figure goes to either end of its range, in mW.

${effects(held, ({ prediction }) => prediction.ranged)}

And when an **estimated** figure is 30 % smaller or larger:

${effects(held, ({ prediction }) => prediction.estimated)}

## The work rule, without streaming

Each network of each system, predicted from the system's *other* networks by rule 1: ${leftOut.length} predictions, none of which the rule has seen. Half of the latencies are
within ${percent(median(leftOut.map(latencyError)))}, nine of ten within ${percent(quantile(leftOut.map(latencyError), 0.9))}; half of the powers within ${percent(median(leftOut.map(powerError)))}, nine of ten within ${percent(quantile(leftOut.map(powerError), 0.9))}.
${leftOut.filter(({ within }) => within).length} of ${leftOut.length} latencies lie within the range that the rule gives.

${table(
  ['system', 'network', 'ms, predicted', 'ms, measured', 'error', 'mW, predicted', 'mW, measured', 'error'],
  leftOut.map((one) => [
    one.system,
    one.network.toUpperCase(),
    (one.predictedSeconds * 1e3).toPrecision(3),
    (one.measuredSeconds * 1e3).toPrecision(3),
    signed(one.predictedSeconds / one.measuredSeconds - 1),
    (one.predictedWatts * 1e3).toPrecision(3),
    (one.measuredWatts * 1e3).toPrecision(3),
    signed(one.predictedWatts / one.measuredWatts - 1),
  ]),
)}

## Predictions that nothing was held against

Further boards and clocks by the same rules, written down before anybody looked for a result.

${table(
  ['system', 'predicted mW', 'interval', 'duty cycle', 'interval'],
  blind.map(({ title, prediction: { nominal, watts, dutyCycle } }) => [
    title,
    milliwatts(nominal.watts),
    `${milliwatts(watts.low)} to ${milliwatts(watts.high)}`,
    percent(nominal.dutyCycle),
    `${percent(dutyCycle.low)} to ${percent(dutyCycle.high)}`,
  ]),
)}
`;
}

const latencyError = ({ predictedSeconds, measuredSeconds }: LeftOut) =>
  Math.abs(predictedSeconds / measuredSeconds - 1);
const powerError = ({ predictedWatts, measuredWatts }: LeftOut) => Math.abs(predictedWatts / measuredWatts - 1);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

const listed = (held: readonly Held[]): string => held.map(({ title }) => title.split(',')[0]).join(', ');

function effects(held: readonly Held[], of: (one: Held) => readonly Effect[]): string {
  return table(
    ['system', 'figure', 'value', 'lower end', 'upper end'],
    held.flatMap((one) =>
      of(one)
        .filter(({ low, high }) => Math.abs(high.watts - low.watts) > 0.002 * one.prediction.nominal.watts)
        .map(({ figure, low, high }) => [
          one.title,
          figure.path.replace(/^cores\.core\.(operatingPoints\.[^.]+\.|powerStates\.)?/, ''),
          figure.figure.text,
          ...[low, high].map(
            ({ watts }) => `${milliwatts(watts)} (${signed(watts / one.prediction.nominal.watts - 1)})`,
          ),
        ]),
    ),
  );
}
