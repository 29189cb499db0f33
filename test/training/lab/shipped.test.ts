// The parts that ship, at the thresholds of their cards, on recordings that ship and that no training saw.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { type ModelCard, modelCardSchema } from '../../../server/models/card.ts';
import { loadModel } from '../../../server/models/model.ts';
import { readOnnx } from '../../../server/models/onnx.ts';
import { elementCount } from '../../../server/models/onnx-tensor.ts';
import { readMotion } from '../../../server/streams/motion-recording.ts';
import type { Part } from '../../../server/training/gated/export.ts';
import { runParts } from '../../../server/training/gated/run.ts';
import { presentQuality } from '../../../server/training/lab/present.ts';
import { motion } from '../../../server/training/tasks/motion.ts';
import { vit } from '../../../server/training/tasks/picture.ts';

const scenarios = fileURLToPath(new URL('../../../scenarios/', import.meta.url));
const PARTS = [0, 1, 2].map((part) => `${scenarios}models/motion-${part}`);

const cardOf = (path: string): ModelCard => modelCardSchema.parse(JSON.parse(readFileSync(`${path}.json`, 'utf8')));

/** Windows of the recordings in these folders, a hop apart, that are wholly of walking, or not at all (a walk holds a turn, which is not walking). */
async function windowsOf(
  folders: readonly string[],
  walking: boolean,
  { frontEnd, frames }: ModelCard,
): Promise<Float32Array> {
  if (frontEnd.kind !== 'motion') throw new Error('the card is not of motion');
  const { sampleRate, channels, hopSamples, scale } = frontEnd;
  const hop = hopSamples * channels;
  const windows: number[] = [];
  for (const folder of folders)
    for (const path of (await glob(`recordings/motion/${folder}/*.csv`, { cwd: scenarios, absolute: true })).sort()) {
      const text = readFileSync(path, 'utf8');
      const rows = text.trim().split('\n').slice(1);
      const isOf = (from: number, to: number): boolean =>
        rows
          .map((row) => row.split(','))
          .filter(([time]) => Number(time) >= 1000 * from && Number(time) <= 1000 * to)
          .every((row) => (row[7] === 'WALKING') === walking);
      const samples = readMotion(text, path, sampleRate, channels).map(
        (value, at) => (value - scale[at % channels].offset) * scale[at % channels].factor,
      );
      for (let from = 0; from + frames * hop <= samples.length; from += hop) {
        const second = from / channels / sampleRate;
        if (isOf(second, second + (frames * hopSamples) / sampleRate))
          windows.push(...samples.subarray(from, from + frames * hop));
      }
    }
  return Float32Array.from(windows);
}

describe('the network that ships for motion', () => {
  const cards = PARTS.map(cardOf);
  const parts = PARTS.map((path, number): Part => {
    const { input, sends, frames } = cards[number];
    const { inputs } = readOnnx(readFileSync(`${path}.onnx`));
    const shape = input.kind === 'frames' ? [frames, Number(inputs[0].shape[2])] : input.shape;
    return {
      model: readOnnx(readFileSync(`${path}.onnx`)),
      input: shape,
      sends: sends === null ? null : { shape: sends.shape, together: 1 },
    };
  });

  /** Share of windows that all parts accept, and that the first gate stops. */
  async function decide(
    folders: readonly string[],
    walking: boolean,
  ): Promise<{ accepted: number; stopped: number; windows: number }> {
    const { scores } = await runParts(parts, await windowsOf(folders, walking, cards[0]));
    const all = Array.from(scores[0], (_, window) => scores.map((own) => own[window]));
    const share = (keep: (own: readonly number[]) => boolean): number => all.filter(keep).length / all.length;
    return {
      accepted: share((own) => own.every((score, part) => score >= cards[part].threshold)),
      stopped: share(([first]) => first < cards[0].threshold),
      windows: all.length,
    };
  }

  it('should find walking of people whom it was not trained on', async () => {
    const { accepted, windows } = await decide(['walking'], true);
    expect(windows).toBeGreaterThan(20);
    expect(accepted).toBeGreaterThan(0.9);
  });

  it('should reject sitting and standing up, most of it at its first gate', async () => {
    const { accepted, stopped } = await decide(['seated', 'sitting-down', 'standing-up'], false);
    expect(accepted).toBeLessThan(0.1);
    expect(stopped).toBeGreaterThan(0.4);
  });

  it('should be measured as it is there, and not at all on windows that it does not take', async () => {
    const walks = await windowsOf(['walking'], true, cards[0]);
    const rests = await windowsOf(['seated', 'sitting-down'], false, cards[0]);
    const size = elementCount(parts[0].input);
    const classes = Int32Array.from({ length: (walks.length + rests.length) / size }, (_, at) =>
      at < walks.length / size ? 1 : 0,
    );
    const examples = {
      windows: Float32Array.from([...walks, ...rests]),
      classes,
      groups: Array.from(classes, (_, at) => String(at)),
    };
    expect(await presentQuality(motion, examples)).toBeGreaterThan(0.95);
    expect(await presentQuality(motion, { ...examples, windows: examples.windows.subarray(size) })).toBeNull();
    expect(await presentQuality(vit, examples)).toBeNull();
  });

  it('should be cards of the files beside them, whose parts fit together', async () => {
    const models = await Promise.all(PARTS.map((path) => loadModel(`${path}.onnx`)));
    for (const [number, { card }] of models.slice(1).entries())
      expect(card.input).toEqual({ kind: 'activations', shape: models[number].card.sends?.shape });
  });
});
