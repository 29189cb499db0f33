// Models as others export them: their input may have the values of a window in another arrangement than frames after frames. What is known of the
// front end says which; a model is then put behind nodes that rearrange them, which a runtime on a device folds away.

import type { FrontEndSpec } from '../streams/frames.ts';
import { featuresOf } from '../streams/frames.ts';
import type { OnnxModel, OnnxNode } from './onnx.ts';
import { int64Tensor, OnnxError } from './onnx-tensor.ts';

/** Frames as they are written out, and the order of its axes in which a model takes them. */
interface Arrangement {
  readonly sizes: readonly number[];
  /** Left out: as they are. */
  readonly order?: readonly number[];
}

/** By falling preference: the first that fits is it. */
function arrangements(spec: FrontEndSpec, frames: number): readonly Arrangement[] {
  switch (spec.kind) {
    case 'log-mel':
      return [
        { sizes: [1, frames, spec.bands] },
        { sizes: [frames, spec.bands, 1] },
        { sizes: [frames, spec.bands], order: [1, 0] },
        { sizes: [1, frames, spec.bands], order: [0, 2, 1] },
      ];
    case 'motion': {
      const sizes = [frames * spec.hopSamples, spec.channels];
      return [
        { sizes },
        { sizes, order: [1, 0] },
        { sizes: [1, ...sizes] },
        { sizes: [...sizes, 1], order: [1, 0, 2] },
      ];
    }
    case 'picture': {
      if (frames !== 1) return [];
      const sizes = [spec.height, spec.width, spec.channels];
      return [{ sizes }, { sizes, order: [2, 0, 1] }];
    }
  }
}

const taken = ({ sizes, order }: Arrangement): readonly number[] => order?.map((axis) => sizes[axis]) ?? sizes;

/**
 * The model with the input [batch, frames, features]; itself where it has that already.
 * @throws {OnnxError} naming the shapes that would do, when its input holds no window of this front end
 */
export function adaptInput(model: OnnxModel, spec: FrontEndSpec, frames: number): OnnxModel {
  const [input] = model.inputs;
  if (model.inputs.length !== 1)
    throw new OnnxError(
      `It takes ${model.inputs.length} inputs (${model.inputs.map(({ name }) => name).join(', ')}); a model takes one.`,
    );
  const plain = [frames, featuresOf(spec)];
  const own = input.shape.slice(1);
  if (own.length === 2 && own.every((size, axis) => size === plain[axis] || (axis === 0 && typeof size === 'string')))
    return model;
  const found = arrangements(spec, frames).find((one) => String(taken(one)) === String(own));
  if (found === undefined) throw new OnnxError(misfitOf(input.name, own, spec, frames));
  const first = input.shape[0];
  const nodes: OnnxNode[] = [];
  const add = (op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string => {
    const output = `arranged_${nodes.length}`;
    nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  };
  const written = add('Reshape', ['frames_as_given', 'arranged_sizes']);
  if (found.order !== undefined) add('Transpose', [written], { perm: [0, ...found.order.map((axis) => axis + 1)] });
  const last = nodes[nodes.length - 1];
  nodes[nodes.length - 1] = { ...last, outputs: [input.name] };
  return {
    ...model,
    inputs: [{ ...input, name: 'frames_as_given', shape: [first, ...plain] }],
    nodes: [...nodes, ...model.nodes],
    initializers: [
      ...model.initializers,
      int64Tensor('arranged_sizes', [1 + found.sizes.length], [-1, ...found.sizes]),
    ],
  };
}

/** `24 × 40`; a free dimension by its name. */
export const shapeText = (shape: readonly (number | string)[]): string => shape.map((size) => size || '?').join(' × ');

function misfitOf(name: string, own: readonly (number | string)[], spec: FrontEndSpec, frames: number): string {
  const free = own.find((size) => typeof size === 'string');
  const good = [[frames, featuresOf(spec)], ...arrangements(spec, frames).map(taken)].map(shapeText).join(', or ');
  const why =
    free === undefined
      ? ''
      : `; its dimension ${free === '' ? 'without a name' : `"${free}"`} is free: export it with sizes that are fixed`;
  return `Its input ${name} is ${shapeText(own)} for a window, and ${frames} ${frames === 1 ? 'frame' : 'frames'} of this ${spec.kind} front end ${frames === 1 ? 'is' : 'are'} ${good}${why}.`;
}
