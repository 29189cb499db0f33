// report.md of a person's cascade: what it learnt from, how that went, and what it is worth.
import { rateInterval } from '../../runs/report/statistics.ts';
import type { Fitted } from '../fit.ts';
import { type Heard, NEGATIVE_KINDS, type NegativeKind, SNRS } from '../hearing.ts';
import { percent, rateText, row, shareText } from '../markdown.ts';
import { NETWORK_NAMES, type NetworkName } from '../networks.ts';
import { CASCADE, falseAcceptRate, hoursOf, missRate, rateOver, type Thresholds } from '../quality.ts';
import type { Split } from '../splits.ts';
import { type Collected, type Recording, secondsOf } from './collect.ts';
import { type Listing, ROLES, type Role } from './folders.ts';
import { CURVE_SNR, curveOf, type Figures, negativesAt, type Point } from './measure.ts';

export interface Told {
  readonly name: string;
  readonly command: string;
  readonly steps: number;
  readonly backend: string;
  readonly alone: Listing['alone'];
  readonly collected: Collected;
  readonly splits: Readonly<Record<Split, readonly Recording[]>>;
  readonly fits: Readonly<Record<NetworkName, Fitted>>;
  readonly figures: Figures;
}

const KIND_WORDS: Readonly<Record<NegativeKind, string>> = {
  speech: 'negatives of 3 s and more',
  words: 'shorter negatives',
  ambient: 'ambient sound',
};

export function page(told: Told): string {
  const { name, figures, fits } = told;
  const { int8, float } = figures;
  const { normal, strict } = figures.thresholds;
  const negatives = negativesAt(int8, CURVE_SNR);
  const misses = missRate(int8, CURVE_SNR, CASCADE, normal);
  const rate = rateOver(negatives, CASCADE, normal);
  return `${[
    `# A detector of "${name}"`,
    '',
    `Made by \`${told.command}\` on TensorFlow.js (${told.backend}), ${told.steps} steps.`,
    '',
    `**On recordings that nothing was trained or chosen with it misses ${shareText(misses)} of "${name}" at ${CURVE_SNR} dB over noise, and accepts falsely ${rateText(rate)} times an hour**`,
    `of negatives (8-bit models, whole cascade). In brackets are 95 % intervals. The claim rests on ${hoursText(hoursOf(negatives))} of distinct negatives and ${new Set(int8.words.get(CURVE_SNR)?.map(({ path }) => path)).size} takes of ${new Set(int8.words.get(CURVE_SNR)?.map(({ group }) => group)).size} sources:`,
    `no false accept at all would only say that the rate is below ${zero(hoursOf(negatives))} an hour; to say so of 0.5 an hour takes ${zero(0.5)} h without any.`,
    ...warnings(told),
    '',
    '## Use it',
    '',
    '```sh',
    'npx lightsleeper run scenario.yaml           # a day with it, on recordings of the test split',
    'npx lightsleeper advise scenario.yaml --max-fa 5/h --max-miss 10%',
    '```',
    '',
    '`models/` holds three networks (`.onnx` in 8 bits with its card, `.float.onnx` as trained): is there sound like it (activity), could it be it (keyword), is it',
    'really (verify). Each runs only where the one before it lets through.',
    '',
    '| | activity | keyword | verify |',
    '| --- | ---: | ---: | ---: |',
    row(
      'threshold',
      NETWORK_NAMES.map((network) => String(normal[network])),
    ),
    row(
      'strict',
      NETWORK_NAMES.map((network) => String(strict[network])),
    ),
    row(
      'validation scenes missed at the checkpoint kept',
      NETWORK_NAMES.map((network) => percent(fits[network].misses)),
    ),
    '',
    figures.isShut
      ? 'The thresholds come from the validation split: the first two gates open for nearly every word there, the verifier lets nothing false through.'
      : 'The thresholds come from the validation split: the first two gates open for nearly every word there. A verifier that lets nothing false through there would miss more than a tenth of the words, so it is opened until it misses no more than that: expect false accepts.',
    '',
    '## Operating curve',
    '',
    `![misses over false accepts](operating-curve.svg)`,
    '',
    `The cascade on the test split at ${CURVE_SNR} dB by the threshold of the verifier.`,
    '',
    '| threshold | misses | false accepts an hour | as trained, not in 8 bits: misses | false accepts an hour |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...curveRows(curveOf(int8, 'verify', normal), curveOf(float, 'verify', normal)),
    '',
    '## By ratio of sound to background',
    '',
    `| | ${SNRS.map((snr) => `${snr} dB`).join(' | ')} |`,
    `| --- |${SNRS.map(() => ' ---: |').join('')}`,
    ...ratioRows('8 bits', int8, normal),
    ...ratioRows('as trained', float, normal),
    '',
    'Every take is heard over four backgrounds (microphone noise, two ambient recordings, synthetic noise), every negative once at each ratio. A detection from the',
    'start of the sound to a second after its end is right; false accepts within a second count once. Intervals: Clopper and Pearson, as if each take had been heard once;',
    'exact Poisson.',
    '',
    '## Training',
    '',
    '![loss and validation misses over steps](training.svg)',
    '',
    '## Recordings',
    '',
    '| | recordings | sources | minutes | to train | to choose | to test |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...ROLES.map((role) => recordingRow(role, told)),
    '',
    '`recordings.csv` says of each recording where it went. Whole sources are dealt out: one that is in the test split trained nothing.',
    ...copyLines(told.collected),
    ...skippedLines(told.collected),
    '',
  ].join('\n')}`;
}

function warnings({ alone, collected }: Told): string[] {
  const counted = ROLES.filter((role) => alone[role] > 0);
  if (counted.length === 0) return [];
  const words = counted.map((role) => `${alone[role]} of ${role}`).join(', ');
  return [
    '',
    `**Nothing says whose voice or which place ${words} are of** (no subfolder, no sources.csv): each counts as a source of its own, so somebody who is heard in the`,
    `test may have been heard in training too${collected.copies.length > 0 ? ' (copies aside, which were found)' : ''}, and a low miss rate is no promise for new voices.`,
  ];
}

function curveRows(int8: readonly Point[], float: readonly Point[]): string[] {
  return int8.map((point, index) => {
    const other = float.at(index);
    return row(String(point.threshold), [
      shareText(point.misses),
      rateText(point.falseAccepts),
      ...(other ? [percent(other.misses.value), other.falseAccepts.value.toFixed(1)] : ['', '']),
    ]);
  });
}

function ratioRows(what: string, heard: Heard, thresholds: Thresholds): string[] {
  const kinds = NEGATIVE_KINDS.filter((kind) => (heard.negatives[kind].get(CURVE_SNR) ?? []).length > 0);
  return [
    row(
      `misses, ${what}`,
      SNRS.map((snr) => shareText(missRate(heard, snr, CASCADE, thresholds))),
    ),
    ...kinds.map((kind) =>
      row(
        `false accepts an hour, ${what}: ${KIND_WORDS[kind]}`,
        SNRS.map((snr) => rateText(falseAcceptRate(heard, kind, snr, CASCADE, thresholds))),
      ),
    ),
  ];
}

function recordingRow(role: Role, { splits }: Told): string {
  const of = (split: Split): readonly Recording[] => splits[split].filter((one) => one.role === role);
  const all = (['train', 'validation', 'test'] as const).flatMap(of);
  return row(role, [
    String(all.length),
    String(new Set(all.map(({ source }) => source)).size),
    (secondsOf(all) / 60).toFixed(1),
    ...(['train', 'validation', 'test'] as const).map(
      (split) => `${of(split).length} (${(secondsOf(of(split)) / 60).toFixed(1)} min)`,
    ),
  ]);
}

function copyLines({ copies }: Collected): string[] {
  const count = copies.reduce((sum, { others }) => sum + others.length, 0);
  if (count === 0) return [];
  return [
    '',
    `${count} recordings are copies of others under another name: they are used once, and their sources count as one.`,
  ];
}

function skippedLines({ skipped }: Collected): string[] {
  if (skipped.length === 0) return [];
  return ['', 'Left out:', '', ...skipped.map(({ file, reason }) => `- ${file} ${reason}`)];
}

/** What none in so many hours says of the rate; and, the other way round, how many hours a rate asks for. */
const zero = (hours: number): string => rateInterval(0, hours)[1].toFixed(1);
const hoursText = (hours: number): string => (hours < 1 ? `${(60 * hours).toFixed(0)} min` : `${hours.toFixed(1)} h`);
