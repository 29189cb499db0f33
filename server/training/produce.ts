// Makes a model's files: the float graph, the 8-bit graph that runs, and its card.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelCard, modelCardSchema } from '../models/card.ts';
import { type OnnxModel, readOnnx, writeOnnx } from '../models/onnx.ts';
import { nextIndex, seedRandom } from '../random.ts';
import { LOG_MEL, LogMel } from '../streams/front-end.ts';
import type { Bank } from './bank.ts';
import { NETWORKS, type NetworkName } from './networks.ts';
import { modelFolder } from './paths.ts';
import { writeWhole } from './progress.ts';
import { quantise } from './quantise.ts';
import { makeScene } from './scenes.ts';
import { windowAt, windowsOf } from './windows.ts';

const TASKS: Readonly<Record<NetworkName, string>> = {
  activity: 'speech activity',
  keyword: 'wake word "computer", liberal',
  verify: 'wake word "computer", strict',
};

const TRAINING =
  'Trained on scenes mixed at random: "computer" and "jarvis" (Picovoice wake-word-benchmark), Speech Commands v0.02, LibriSpeech ' +
  'train-clean-100, ESC-10 and synthetic noise; split by cluster of voices, speaker, and fold. See docs/training.md.';

const pathOf = (name: NetworkName, ending: string): string => join(modelFolder(), `${name}${ending}`);

export const readFloat = (name: NetworkName) => readOnnx(readFileSync(pathOf(name, '.float.onnx')));
export const readInt8 = (name: NetworkName): Uint8Array => readFileSync(pathOf(name, '.onnx'));

/** Quantises a float graph with windows of the training split, and writes both, with a card that holds no figures yet. */
export async function writeModel(name: NetworkName, float: OnnxModel, train: Bank): Promise<void> {
  const { frames, bands } = NETWORKS[name];
  const quantised = await quantise(float, calibrationWindows(name, train), [frames, bands]);
  const bytes = writeOnnx(quantised.model);
  mkdirSync(modelFolder(), { recursive: true });
  writeWhole(pathOf(name, '.float.onnx'), writeOnnx(float));
  writeWhole(pathOf(name, '.onnx'), bytes);
  writeCard({
    name,
    task: TASKS[name],
    frontEnd: { ...LOG_MEL },
    input: { kind: 'frames' },
    sends: null,
    frames: NETWORKS[name].frames,
    streaming: NETWORKS[name].streaming,
    precision: 'int8',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    threshold: 0.5,
    training: TRAINING,
    quality: null,
    operatingCurve: null,
  });
}

export function readCard(name: NetworkName): ModelCard {
  return modelCardSchema.parse(JSON.parse(readFileSync(pathOf(name, '.json'), 'utf8')));
}

export const writeCard = (card: ModelCard): void =>
  writeWhole(join(modelFolder(), `${card.name}.json`), cardText(card));

/** As the formatter would have it: short lists of numbers, such as intervals, on one line. */
export const cardText = (card: ModelCard): string =>
  `${JSON.stringify(card, null, 2).replace(/\[\s+([-\d.e,\s]+?)\s+\]/g, (_list, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;

const CALIBRATION_SCENES = 256;

/** Windows as they are in training, half of them what the network looks for. */
function calibrationWindows(name: NetworkName, train: Bank): Float32Array {
  const network = NETWORKS[name];
  const random = seedRandom(1, 'calibration', name);
  const logMel = new LogMel();
  const windows: Float32Array[] = [];
  for (let index = 0; index < CALIBRATION_SCENES; index++) {
    const scene = makeScene(train, logMel, index % 2 === 0, random);
    for (const label of ['positive', 'negative'] as const) {
      const lasts = windowsOf(network, scene, label);
      for (let count = 0; count < 4 && lasts.length > 0; count++)
        windows.push(windowAt(network, scene, lasts[nextIndex(random, lasts.length)]));
    }
  }
  const size = network.frames * network.bands;
  const flat = new Float32Array(windows.length * size);
  for (const [at, window] of windows.entries()) flat.set(window, at * size);
  return flat;
}
