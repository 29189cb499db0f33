// A scenario with every recording of a split in place of the few that it ships with: for claims that those cannot carry.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { breathe } from '../breathe.ts';
import { InputProblem } from '../runs/files/problem.ts';
import { loadScenario } from '../runs/load.ts';
import { writeWav } from '../streams/wav.ts';
import { type Bank, loadBank, type Sound } from './bank.ts';
import type { Clip } from './clips.ts';
import { frameLevels } from './levels.ts';
import { requireData } from './paths.ts';
import type { Progress } from './progress.ts';
import { readSplits, type Split } from './splits.ts';

const SAMPLE_RATE = 16_000;
/** 10 ms: of a frame of levels, and kept around a word. */
const FRAME = 160;
/** In dB: what is lower is digital silence. */
const SILENCE = -90;
/** Ambient sounds that go on; the others are events. */
const BACKGROUNDS = new Set(['clock-tick', 'fire-crackling', 'helicopter', 'rain', 'sea-waves']);

/** A recording as a scenario plays it. */
interface Cut {
  readonly clip: Clip;
  readonly samples: Float32Array;
}

/** By folder of recordings/. */
const KINDS: Readonly<Record<string, (bank: Bank) => readonly Cut[]>> = {
  computer: ({ computer }) =>
    computer.map(({ clip, samples, word }) => ({
      clip,
      samples: samples.subarray(Math.max(0, word.start - FRAME), word.end + FRAME),
    })),
  speech: ({ speech }) => speech,
  background: ({ ambient }) => ambient.filter(({ clip }) => BACKGROUNDS.has(clip.label)).map(sounding),
  household: ({ ambient }) => ambient.filter(({ clip }) => !BACKGROUNDS.has(clip.label)).map(sounding),
};

/**
 * Writes the scenario into a folder, with its models, all recordings of the split and their sources. Returns how long they last by kind, in seconds.
 * @throws {InputProblem} a scenario whose recordings are of other kinds; data that is not there
 * @throws the reason of `progress.stop` when it is told to stop
 */
export async function gather(
  scenario: string,
  split: Split,
  folder: string,
  progress: Progress,
): Promise<ReadonlyMap<string, { readonly recordings: number; readonly seconds: number }>> {
  const data = requireData();
  const loaded = await loadScenario(scenario);
  const kinds = new Set(loaded.recordings.map(({ path }) => basename(dirname(path))));
  for (const { path, place } of loaded.recordings)
    if (!(dirname(path) === `recordings/${basename(dirname(path))}` && basename(dirname(path)) in KINDS))
      throw new InputProblem(
        `${place}: ${path} is of a kind that is not in the data; there are ${Object.keys(KINDS)
          .map((kind) => `recordings/${kind}`)
          .join(', ')}`,
      );
  const splits = readSplits();
  progress.say(`decoding the ${split} split`);
  const bank = await loadBank(data, splits, split);
  const sources = ['file,source'];
  const found = new Map<string, { recordings: number; seconds: number }>();
  for (const kind of kinds) {
    mkdirSync(join(folder, 'recordings', kind), { recursive: true });
    const cuts = KINDS[kind](bank);
    for (const { clip, samples } of cuts) {
      await breathe(progress);
      const file = `${kind}/${clip.label}-${basename(clip.path).replace(/\.[^.]+$/, '')}.wav`;
      progress.say(file);
      await writeWav(join(folder, 'recordings', file), SAMPLE_RATE, samples.length, (start, out) =>
        out.set(samples.subarray(start, start + out.length)),
      );
      sources.push(`${file},${splits.voices[clip.path] ?? `${clip.kind} ${clip.group ?? clip.path}`}`);
    }
    const seconds = cuts.reduce((sum, { samples }) => sum + samples.length / SAMPLE_RATE, 0);
    found.set(kind, { recordings: cuts.length, seconds });
  }
  writeFileSync(join(folder, 'recordings', 'sources.csv'), `${sources.join('\n')}\n`);
  for (const { model } of loaded.scenario.value.cascade)
    for (const file of [model, model.replace(/\.onnx$/, '.json')]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(dirname(scenario), file), join(folder, file));
    }
  copyFileSync(scenario, join(folder, basename(scenario)));
  return found;
}

/** Without digital silence at its ends. */
function sounding({ clip, samples }: Sound): Cut {
  const levels = frameLevels(samples);
  const isHeard = (level: number) => level > SILENCE;
  const first = Math.max(0, levels.findIndex(isHeard));
  return { clip, samples: samples.subarray(first * FRAME, (levels.findLastIndex(isHeard) + 1) * FRAME) };
}
