// The network of a task that ships now, measured as those that the lab trains.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelCardSchema } from '../../models/card.ts';
import { readOnnx } from '../../models/onnx.ts';
import { elementCount } from '../../models/onnx-tensor.ts';
import type { Part } from '../gated/export.ts';
import { runParts } from '../gated/run.ts';
import { modelFolder } from '../paths.ts';
import type { Examples, TaskSpec } from '../tasks/task.ts';
import { chooseSetting } from './thresholds.ts';

/** Its balanced accuracy on validation windows, with its gates set anew on them; null when none is there, or it takes other windows. */
export async function presentQuality({ name }: TaskSpec, examples: Examples): Promise<number | null> {
  const { windows, classes } = examples;
  const parts: Part[] = [];
  for (let path = partPath(name, 0); existsSync(`${path}.onnx`); path = partPath(name, parts.length)) {
    const model = readOnnx(readFileSync(`${path}.onnx`));
    const { input, sends, frames } = modelCardSchema.parse(JSON.parse(readFileSync(`${path}.json`, 'utf8')));
    parts.push({
      model,
      input: input.kind === 'activations' ? input.shape : [frames, Number(model.inputs[0].shape[2])],
      sends: sends === null ? null : { shape: sends.shape, together: 1 },
    });
  }
  if (parts.length === 0 || elementCount(parts[0].input) * classes.length !== windows.length) return null;
  return chooseSetting(await runParts(parts, windows), examples).quality;
}

const partPath = (name: string, part: number): string => join(modelFolder(), `${name}-${part}`);
