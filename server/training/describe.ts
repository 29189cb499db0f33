// Measured figures as Markdown: docs/quality.md, and the short table of README.md.
import { type GraphCost, graphCost } from '../models/graph-cost.ts';
import { readOnnx } from '../models/onnx.ts';
import { rateInterval } from '../runs/report/statistics.ts';
import type { Bank } from './bank.ts';
import { type Heard, type Hearing, NEGATIVE_KINDS as KINDS, type NegativeKind, SNRS } from './hearing.ts';
import { percent, rateText, row, shareText } from './markdown.ts';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from './networks.ts';
import { readInt8 } from './produce.ts';
import {
  CASCADE,
  falseAcceptRate,
  hoursOf,
  type Measured,
  missRate,
  openedInWord,
  operatingCurve,
  type Stages,
  stopRate,
  type ThresholdSets,
  type Thresholds,
} from './quality.ts';

const KIND_WORDS = { speech: 'continuous speech', words: 'single words', ambient: 'ambient sound' } as const;

/** All that was measured. */
export function describe(heard: Heard, test: Bank, { normal: thresholds, strict, alone }: ThresholdSets): string {
  const lines: string[] = [
    '# How good the shipped models are',
    '',
    'Made by `npx lightsleeper train report`: do not edit. Figures are of the 8-bit models that ship, on the test split, which chose nothing: thresholds',
    'come from the validation split. Each take of "computer" is heard over four backgrounds (microphone noise, steady ambient sound, other ambient sound,',
    'synthetic noise), each negative once, at every ratio of speech to background. A detection from the start of the word to a second after its end is',
    'right; false accepts within a second count once (the streaming rule of MLPerf Tiny). Brackets are 95 % intervals: Clopper and Pearson for shares, as',
    'if each take had been heard once; exact Poisson for rates.',
    '',
    ...restsOn(heard, test),
    '',
    '## The models',
    '',
    '| model | MAC per window | of it depthwise | parameters | weight bytes | threshold | strict |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...NETWORK_NAMES.map((name) => modelRow(name, thresholds, strict)),
    '',
    '## Misses of "computer"',
    '',
    `| | ${SNRS.map((snr) => `${snr} dB`).join(' | ')} |`,
    `| --- |${SNRS.map(() => ' ---: |').join('')}`,
    ...missRows(heard, thresholds),
    row(
      ownThreshold(alone),
      SNRS.map((snr) => shareText(missRate(heard, snr, ['verify'], { ...thresholds, verify: alone }))),
    ),
    row(
      'cascade, strict thresholds',
      SNRS.map((snr) => shareText(missRate(heard, snr, CASCADE, strict))),
    ),
    '',
    '## False accepts per hour',
    '',
    `| | ${SNRS.map((snr) => `${snr} dB`).join(' | ')} |`,
    `| --- |${SNRS.map(() => ' ---: |').join('')}`,
    ...falseAcceptRows(heard, thresholds),
    ...KINDS.map((kind) =>
      row(
        `${ownThreshold(alone)}: ${KIND_WORDS[kind]}`,
        SNRS.map((snr) => rateText(falseAcceptRate(heard, kind, snr, ['verify'], { ...thresholds, verify: alone }))),
      ),
    ),
    ...KINDS.map((kind) =>
      row(
        `cascade, strict thresholds: ${KIND_WORDS[kind]}`,
        SNRS.map((snr) => rateText(falseAcceptRate(heard, kind, snr, CASCADE, strict))),
      ),
    ),
    '',
    '## What each gate stops',
    '',
    'Share of the windows that reach a gate and go no further, at 15 dB. In a quiet room the first gate stops far more: here something sounds all the time.',
    '',
    '| | continuous speech | single words | ambient sound |',
    '| --- | ---: | ---: | ---: |',
    ...NETWORK_NAMES.map((name, index) => {
      const before = NETWORK_NAMES.slice(0, index);
      return row(
        name,
        KINDS.map((kind) => percent(stopRate(heard.negatives[kind].get(15) ?? [], before, name, thresholds))),
      );
    }),
    '',
    '## The last two gates alone, by threshold',
    '',
    'At 15 dB; false accepts on continuous speech.',
    '',
    '| threshold | keyword: misses | false accepts per hour | verify: misses | false accepts per hour |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...operatingCurve(heard, 'verify').map((verify, index) => {
      const keyword = operatingCurve(heard, 'keyword').at(index);
      return row(
        String(verify.threshold),
        [keyword, verify].flatMap((point) =>
          point ? [percent(point.missRate), point.falseAcceptsPerHour.toFixed(1)] : ['', ''],
        ),
      );
    }),
    '',
  ];
  return lines.join('\n');
}

/** Every gate in one line each, at 15 dB. */
export function shortTable(heard: Heard, { normal, strict, alone }: ThresholdSets): string {
  const opened = openedInWord(heard, 15, 'activity', normal);
  const stopped = (kind: NegativeKind): string =>
    percent(stopRate(heard.negatives[kind].get(15) ?? [], [], 'activity', normal));
  const line = (label: string, stages: Stages, thresholds: Thresholds): string =>
    row(label, [
      shareText(missRate(heard, 15, stages, thresholds)),
      rateText(falseAcceptRate(heard, 'speech', 15, stages, thresholds)),
    ]);
  return [
    '| at 15 dB over noise | misses | false accepts per hour of continuous speech |',
    '| --- | ---: | ---: |',
    row('activity gate', [
      shareText(notOpened(opened)),
      `stops ${stopped('speech')} of its windows, ${stopped('ambient')} of ambient sound's`,
    ]),
    line('keyword alone', ['keyword'], normal),
    line('verifier alone, at the threshold it has there', ['verify'], normal),
    line('verifier alone, at one of its own', ['verify'], { ...normal, verify: alone }),
    line('cascade', CASCADE, normal),
    line('cascade, strict', CASCADE, strict),
  ].join('\n');
}

function restsOn(heard: Heard, test: Bank): string[] {
  const words = heard.words.get(15) ?? [];
  const groups = (hearings: readonly Hearing[]): number => new Set(hearings.map(({ group }) => group)).size;
  const minutes = (kind: NegativeKind): string => (60 * hoursOf(heard.negatives[kind].get(15) ?? [])).toFixed(0);
  return [
    `They rest on ${test.computer.length} distinct takes of "computer" in ${groups(words)} clusters of voices; ${minutes('speech')} minutes of continuous speech by`,
    `${groups(heard.negatives.speech.get(15) ?? [])} speakers; ${minutes('words')} minutes with ${test.command.length} spoken commands and ${test.jarvis.length} takes of "jarvis"; ${minutes('ambient')} minutes of ambient sound from`,
    `${groups(heard.negatives.ambient.get(15) ?? [])} source recordings. These are few: no false accept at all would only say that the rate on speech is below`,
    `${rateInterval(0, hoursOf(heard.negatives.speech.get(15) ?? []))[1].toFixed(0)} an hour. The clusters are found by sound, not by name: a speaker of the test may also be in the training data.`,
  ];
}

function modelRow(name: NetworkName, thresholds: Thresholds, strict: Thresholds): string {
  const cost: GraphCost = graphCost(readOnnx(readInt8(name)), NETWORKS[name].frames);
  const whole = (value: number): string => value.toLocaleString('en');
  return row(name, [
    whole(cost.totalMacs),
    whole(cost.macs.depthwise),
    whole(cost.parameters),
    whole(cost.weightBytes),
    String(thresholds[name]),
    String(strict[name]),
  ]);
}

const ROWS: readonly (readonly [string, Stages])[] = [
  ['activity alone', ['activity']],
  ['keyword alone', ['keyword']],
  ['verify alone', ['verify']],
  ['cascade of the three', CASCADE],
];

function missRows(heard: Heard, thresholds: Thresholds): string[] {
  return [
    row(
      'activity not open in the word',
      SNRS.map((snr) => {
        return shareText(notOpened(openedInWord(heard, snr, 'activity', thresholds)));
      }),
    ),
    ...ROWS.slice(1).map(([label, stages]) =>
      row(
        label,
        SNRS.map((snr) => shareText(missRate(heard, snr, stages, thresholds))),
      ),
    ),
  ];
}

function falseAcceptRows(heard: Heard, thresholds: Thresholds): string[] {
  return ROWS.slice(1).flatMap(([label, stages]) =>
    KINDS.map((kind) =>
      row(
        `${label}: ${KIND_WORDS[kind]}`,
        SNRS.map((snr) => rateText(falseAcceptRate(heard, kind, snr, stages, thresholds))),
      ),
    ),
  );
}

const ownThreshold = (alone: number): string => `verify alone, threshold ${alone}`;
const notOpened = ({ value, interval }: Measured): Measured => ({
  value: 1 - value,
  interval: [1 - interval[1], 1 - interval[0]],
});
