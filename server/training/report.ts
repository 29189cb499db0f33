// Measures the shipped models, chooses their thresholds, and writes both into their cards and docs/quality.md.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelSession } from '../models/session.ts';
import { loadBank } from './bank.ts';
import { describe, shortTable } from './describe.ts';
import { type Heard, hear, NEGATIVE_KINDS as KINDS, listenWithAll, mixSplit, type Sessions } from './hearing.ts';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from './networks.ts';
import { projectRoot } from './paths.ts';
import { readCard, readInt8, writeCard } from './produce.ts';
import { type Progress, writeWhole } from './progress.ts';
import {
  chooseThresholds,
  falseAcceptRate,
  type Measured,
  missRate,
  operatingCurve,
  type Thresholds,
} from './quality.ts';
import type { Splits } from './splits.ts';

/** Chooses thresholds on the validation split, measures on the test split, writes cards, docs/quality.md and README's table; gives the Markdown. */
export async function report(dataFolder: string, splits: Splits, progress: Progress): Promise<string> {
  const sessions = await openSessions();
  const validation = await loadBank(dataFolder, splits, 'validation');
  const thresholds = chooseThresholds(
    await hear(mixSplit(validation, splits.voices, progress), listenWithAll(sessions)),
  );
  progress.note(`thresholds, from validation: ${JSON.stringify(thresholds)}`);
  const test = await loadBank(dataFolder, splits, 'test');
  const heard = await hear(mixSplit(test, splits.voices, progress), listenWithAll(sessions));
  await Promise.all(NETWORK_NAMES.map((name) => sessions[name].close()));
  for (const name of NETWORK_NAMES) updateCard(name, heard, thresholds.normal);
  const markdown = describe(heard, test, thresholds);
  const docs = join(projectRoot(), 'docs');
  mkdirSync(docs, { recursive: true });
  writeWhole(join(docs, 'quality.md'), markdown);
  const readme = join(projectRoot(), 'README.md');
  writeWhole(readme, withTable(readFileSync(readme, 'utf8'), shortTable(heard, thresholds)));
  return markdown;
}

async function openSessions(): Promise<Sessions> {
  const open = (name: NetworkName): Promise<ModelSession> =>
    ModelSession.open(readInt8(name), NETWORKS[name].frames, NETWORKS[name].bands);
  return { activity: await open('activity'), keyword: await open('keyword'), verify: await open('verify') };
}

const SOURCE = 'test split at 15 dB over four backgrounds, 8-bit models; docs/quality.md';

function updateCard(name: NetworkName, heard: Heard, thresholds: Thresholds): void {
  const figure = (what: string, unit: 'share' | '1/h', { value, interval }: Measured) => ({
    what,
    unit,
    value: rounded(value),
    interval: [rounded(interval[0]), rounded(interval[1])] satisfies [number, number],
  });
  writeCard({
    ...readCard(name),
    threshold: thresholds[name],
    quality: {
      source: SOURCE,
      figures: [
        figure('words missed by this model alone', 'share', missRate(heard, 15, [name], thresholds)),
        ...KINDS.map((kind) =>
          figure(
            `false accepts of this model alone: ${kind}`,
            '1/h',
            falseAcceptRate(heard, kind, 15, [name], thresholds),
          ),
        ),
      ],
    },
    operatingCurve: {
      source: `${SOURCE}; false accepts per hour of continuous speech`,
      points: operatingCurve(heard, name).map((point) => ({
        threshold: point.threshold,
        missRate: rounded(point.missRate),
        falseAcceptsPerHour: rounded(point.falseAcceptsPerHour),
      })),
    },
  });
}

const rounded = (value: number): number => Number(value.toPrecision(4));

const MARKS = ['<!-- made by `lightsleeper train report` -->', '<!-- end -->'] as const;

/** The text with its table between MARKS replaced; as it is when it has none. */
function withTable(text: string, table: string): string {
  const from = text.indexOf(MARKS[0]);
  const to = text.indexOf(MARKS[1], from);
  if (from < 0 || to < 0) return text;
  return `${text.slice(0, from + MARKS[0].length)}\n${table}\n${text.slice(to)}`;
}
