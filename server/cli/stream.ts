// `lightsleeper stream`: what a device hears in a scenario, as a file to be played to a real one, and what is in it.

import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { InputProblem } from '../runs/files/problem.ts';
import { loadClips, loadScenario } from '../runs/load.ts';
import { Mixer } from '../streams/mix.ts';
import { drawSchedule } from '../streams/schedule.ts';
import { lengthsOf } from '../streams/sense.ts';
import { writeWav } from '../streams/wav.ts';
import { json } from './json.ts';
import { addStreamOptions, type StreamOptions } from './options.ts';
import { ProgressLine } from './progress-line.ts';

export function addStream(program: Command): void {
  const command = program
    .command('stream')
    .description('write what the device of a scenario hears, and what is in it')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .requiredOption('--wav <file>', 'sound, mono at the rate of the sensor, 16 bit')
    .option('--truth <file>', 'labels as JSON, in the form of the MLPerf Tiny streaming benchmark');
  addStreamOptions(command).action(writeStream);
}

async function writeStream(
  path: string,
  { wav, truth, duration, seed }: StreamOptions & { readonly wav: string; readonly truth?: string },
): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const loaded = await loadScenario(path);
  const { value: scenario } = loaded.scenario;
  const seconds = duration ?? scenario.duration;
  const drawn = seed ?? scenario.seed;
  const sense = await loadClips(loaded);
  if (sense.kind !== 'log-mel')
    throw new InputProblem(
      `${loaded.scenario.at('streams', 0, 'sensor')}: a wav file holds sound, and this stream is of ${sense.kind}`,
    );
  const { clips } = sense;
  const { sampleRate } = loaded.stream;
  const schedule = drawSchedule(loaded.stream, lengthsOf(sense), seconds, drawn);
  const mixer = new Mixer(loaded.stream, clips, schedule, drawn);
  const samples = Math.floor(seconds * sampleRate);
  await writeWav(
    wav,
    sampleRate,
    samples,
    (start, out) => mixer.render(start, out),
    (done) => line.say(`${Math.round((done / samples) * 100)} % of ${wav}`),
  ).catch((error: NodeJS.ErrnoException) => {
    throw new InputProblem(`${wav}: cannot be written: ${error.message}; choose another file or a shorter --duration`);
  });
  line.clear();
  if (truth === undefined) return;
  const events = schedule.events.map(({ label, start, end }) => ({
    label,
    start: start / sampleRate,
    end: end / sampleRate,
  }));
  const windows = events.flatMap(({ label, start, end }) => (label === scenario.detect ? [[start, end]] : []));
  const entry = {
    wav_file: basename(wav),
    sample_rate: sampleRate,
    length_sec: samples / sampleRate,
    detection_windows: windows,
    detect: scenario.detect,
    seed: drawn,
    events,
  };
  await writeFile(truth, json([entry]));
}
