// One network, five evaluations: what was trained, what was exported, what is deployed, over single windows and over stretches, on the sound of the
// shipped recordings.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../server/models/onnx.ts';
import { ModelSession } from '../../server/models/session.ts';
import { loadClips, loadScenario } from '../../server/runs/load.ts';
import { LOG_MEL, LogMel } from '../../server/streams/front-end.ts';
import { Mixer } from '../../server/streams/mix.ts';
import { drawSchedule } from '../../server/streams/schedule.ts';
import { buildFolded, imageShape } from '../../server/training/build.ts';
import { fromOnnx } from '../../server/training/export.ts';
import { NETWORK_NAMES, NETWORKS, type Network } from '../../server/training/networks.ts';
import { evaluateIntegers } from './integer-graph.ts';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const SECONDS = 600;
const WINDOWS = 1000;
const BATCH = 64;
/** Windows this close to a gate's threshold are looked for. */
const NEAR = 0.02;
/** Two orders of adding 32-bit floats. */
const FLOAT_TOLERANCE = 2e-5;
/** What 8 bits may change of a score, in 95 % of windows and in any. */
const ROUNDING = { mostly: 0.05, ever: 0.15 };

let frames: Float32Array;
/** Windows worth the keyword model's and the verifier's while: those in which the word, or something like it, is. */
let candidates: readonly number[];
let thresholds: ReadonlyMap<string, readonly number[]>;

const readModel = (network: Network, ending: string): Uint8Array =>
  readFileSync(`${scenarios}models/${network.name}${ending}`);
const open = (network: Network, ending: string): Promise<ModelSession> =>
  ModelSession.open(readModel(network, ending), network.frames, network.bands);

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  const loaded = await loadScenario(`${scenarios}kitchen-day.yaml`);
  const sense = await loadClips(loaded);
  if (sense.kind !== 'log-mel') throw new Error('the kitchen is heard');
  const { clips } = sense;
  // The shipped day, made denser: what sounds in hours there sounds in minutes here.
  const plan = {
    ...loaded.stream,
    events: loaded.stream.events.map((event) => ({
      ...event,
      rate: event.label === 'computer' ? 1 / 10 : event.rate * 3,
    })),
  };
  const schedule = drawSchedule(
    plan,
    clips.map(({ samples }) => samples.length),
    SECONDS,
    11,
  );
  const samples = new Float32Array(SECONDS * LOG_MEL.sampleRate);
  new Mixer(plan, clips, schedule, 11).render(0, samples);
  frames = new LogMel().frames(samples);
  thresholds = new Map(loaded.stages.map(({ name, thresholds: { normal, strict } }) => [name, [normal, strict]]));
  const count = frames.length / LOG_MEL.bands;
  const all = Array.from({ length: count - NETWORKS.verify.frames }, (_, at) => at + NETWORKS.verify.frames);
  const keyword = await open(NETWORKS.keyword, '.onnx');
  const scores = await keyword.scoreWindows(frames, all);
  await keyword.close();
  candidates = all.filter((_, at) => scores[at] > 0.02);
});

const windowsAt = ({ frames: long, bands }: Network, lasts: readonly number[]): readonly Float32Array[] =>
  lasts.map((last) => frames.subarray((last + 1 - long) * bands, (last + 1) * bands));

/** Some thousand windows: all those found near the thresholds, and others evenly from the rest. */
async function windowsFor(network: Network): Promise<{ readonly lasts: readonly number[]; readonly near: number }> {
  const session = await open(network, '.float.onnx');
  const pool =
    network.name === 'verify' ? candidates : every(frames.length / network.bands - 60, 12_000).map((at) => at + 60);
  const searched = network.name === 'keyword' ? ascending([...pool, ...candidates]) : pool;
  const scores = await session.scoreWindows(frames, searched);
  await session.close();
  const isNear = (score: number): boolean =>
    (thresholds.get(network.name) ?? []).some((threshold) => Math.abs(score - threshold) <= NEAR);
  const near = searched.filter((_, at) => isNear(scores[at])).slice(0, 400);
  const rest = every(frames.length / network.bands - 60, WINDOWS).map((at) => at + 60);
  return { lasts: ascending([...near, ...rest]), near: near.length };
}

const ascending = (windows: readonly number[]): number[] => [...new Set(windows)].sort((a, b) => a - b);

const every = (length: number, count: number): number[] =>
  Array.from({ length: Math.min(count, length) }, (_, at) => Math.floor((at * length) / Math.min(count, length)));

function joined(windows: readonly Float32Array[]): Float32Array {
  const flat = new Float32Array(windows.length * windows[0].length);
  for (const [at, window] of windows.entries()) flat.set(window, at * window.length);
  return flat;
}

/** How many windows the two evaluations decide differently although neither threshold lies within the tolerance of their scores. */
function disagreements(network: Network, a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): number {
  let count = 0;
  for (const threshold of thresholds.get(network.name) ?? [])
    for (let at = 0; at < a.length; at++)
      if (a[at] >= threshold !== b[at] >= threshold && Math.abs(a[at] - b[at]) > tolerance) count++;
  return count;
}

const logit = (score: number): number => Math.log(score / (1 - score));

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);

describe.each(NETWORK_NAMES.map((name) => NETWORKS[name]))('the $name network', (network) => {
  it('should score a thousand real windows alike in TensorFlow.js, ONNX Runtime and integer arithmetic, those near its thresholds too', async () => {
    const { lasts, near } = await windowsFor(network);
    expect(lasts.length).toBeGreaterThanOrEqual(WINDOWS);
    expect(near).toBeGreaterThanOrEqual(20);
    const windows = windowsAt(network, lasts);

    const float = readOnnx(readModel(network, '.float.onnx'));
    const folded = buildFolded(tf, network, fromOnnx(network, float));
    const input = tf.tensor(joined(windows), [windows.length, ...imageShape(network)]);
    const trained = (folded.predict(input, { batchSize: BATCH }) as tf.Tensor).dataSync();
    const floatSession = await open(network, '.float.onnx');
    const exported = await floatSession.scoreWindows(frames, lasts);
    expect(largestDifference(trained, exported)).toBeLessThan(FLOAT_TOLERANCE);
    expect(disagreements(network, trained, exported, FLOAT_TOLERANCE)).toBe(0);

    const session = await open(network, '.onnx');
    const deployed = await session.scoreWindows(frames, lasts);
    const quantised = readOnnx(readModel(network, '.onnx'));
    const parts = every(windows.length, Math.ceil(windows.length / BATCH)).map((from, part, starts) =>
      evaluateIntegers(quantised, windows.slice(from, starts[part + 1]), network.frames),
    );
    const scores = parts.flatMap((part) => part.scores);
    const [{ logitStep }] = parts;
    // Where a product falls between two bytes, 32-bit and 64-bit scales may round it apart: one step of the last layer, in one window of a hundred.
    const stepsApart = scores.map((score, at) => Math.abs(logit(score) - logit(deployed[at])) / logitStep);
    expect(stepsApart.filter((steps) => steps > 0.01).length).toBeLessThanOrEqual(lasts.length / 100);
    expect(Math.max(...stepsApart)).toBeLessThan(1.01);
    expect(disagreements(network, scores, deployed, logitStep / 4)).toBe(0);

    const rounding = Array.from(exported, (score, at) => Math.abs(score - deployed[at])).sort((a, b) => a - b);
    expect(rounding[Math.floor(0.95 * rounding.length)]).toBeLessThan(ROUNDING.mostly);
    expect(rounding.at(-1)).toBeLessThan(ROUNDING.ever);
    await floatSession.close();
    await session.close();
  });
});

describe.each(['activity', 'keyword'] as const)('the %s network over a stretch', (name) => {
  it.each(['.onnx', '.float.onnx'])('should give each window the score it has alone (%s)', async (ending) => {
    const network = NETWORKS[name];
    const session = await open(network, ending);
    const alone = await ModelSession.open(readModel(network, ending), network.frames, network.bands, {
      stretches: false,
    });
    const from = network.frames - 1;
    const lasts = Array.from({ length: frames.length / network.bands - from }, (_, at) => from + at).slice(0, 6000);
    const stretch = network.streaming
      ? await session.scoreStretch(frames.subarray(0, (from + lasts.length) * network.bands))
      : await session.scoreWindows(frames, lasts);
    const some = every(lasts.length, 1500).filter((at) => at < lasts.length);
    const single = await alone.scoreWindows(
      frames,
      some.map((at) => lasts[at]),
    );
    await session.close();
    await alone.close();
    const apart = largestDifference(
      some.map((at) => stretch[at]),
      single,
    );
    expect(apart).toBeLessThanOrEqual(ending === '.onnx' ? 0 : FLOAT_TOLERANCE);
  });
});
