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

/** A model as it is deployed: its files' bytes, and its card without figures. */
export interface Produced {
  readonly float: Uint8Array;
  readonly int8: Uint8Array;
  readonly card: ModelCard;
}

/** Quantises a float graph with windows of the training split. */
export async function produce(
  name: NetworkName,
  float: OnnxModel,
  train: Bank,
  { task, training }: Pick<ModelCard, 'task' | 'training'>,
  calibrationScenes: number = CALIBRATION_SCENES,
): Promise<Produced> {
  const { frames, bands, streaming } = NETWORKS[name];
  const quantised = await quantise(float, calibrationWindows(name, train, calibrationScenes), [frames, bands]);
  const int8 = writeOnnx(quantised.model);
  return {
    float: writeOnnx(float),
    int8,
    card: {
      name,
      task,
      frontEnd: { ...LOG_MEL },
      input: { kind: 'frames' },
      sends: null,
      frames,
      streaming,
      precision: 'int8',
      sha256: createHash('sha256').update(int8).digest('hex'),
      threshold: 0.5,
      training,
      quality: null,
      operatingCurve: null,
    },
  };
}

/** Writes a shipped model, its float graph, and a card that holds no figures yet. */
export async function writeModel(name: NetworkName, graph: OnnxModel, train: Bank): Promise<void> {
  const { float, int8, card } = await produce(name, graph, train, { task: TASKS[name], training: TRAINING });
  mkdirSync(modelFolder(), { recursive: true });
  writeWhole(pathOf(name, '.float.onnx'), float);
  writeWhole(pathOf(name, '.onnx'), int8);
  writeCard(card);
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
function calibrationWindows(name: NetworkName, train: Bank, scenes: number): Float32Array {
  const network = NETWORKS[name];
  const random = seedRandom(1, 'calibration', name);
  const logMel = new LogMel();
  const windows: Float32Array[] = [];
  for (let index = 0; index < scenes; index++) {
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
