// Reads and writes ONNX files: the part of the format (onnx.proto3, github.com/onnx/onnx) that networks of one graph without control flow need.
import { type AttributeMessage, FORMAT, type ModelMessage, modelSchema, type ValueMessage } from './onnx-format.ts';
import {
  ELEMENT_CODES,
  type ElementType,
  elementType,
  OnnxError,
  type OnnxTensor,
  readTensor,
  writeTensor,
} from './onnx-tensor.ts';

export type OnnxAttribute = number | string | readonly number[] | readonly string[] | OnnxTensor;

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  /** An omitted optional input is the empty string. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** A dimension that is free has a name, or is the empty string. */
  readonly shape: readonly (number | string)[];
  /** Written without its shape, for the runtime to find it. */
  readonly shapeless?: true;
}

export interface OnnxModel {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** In an order in which they can be run. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
}

/** Throws OnnxError when the bytes are no ONNX model of one plain graph. */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let parsed: ModelMessage;
  try {
    const message = FORMAT.decode(bytes);
    parsed = modelSchema.parse(FORMAT.toObject(message, { longs: Number, defaults: true, arrays: true }));
  } catch (error) {
    throw new OnnxError('These bytes are no ONNX model.', { cause: error });
  }
  const { graph } = parsed;
  if (graph.node.length === 0) throw new OnnxError('This ONNX model holds no graph.');
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const nodes = graph.node.map((node) => ({
    name: node.name === '' ? node.output[0] : node.name,
    op: node.op_type,
    domain: node.domain,
    inputs: node.input,
    outputs: node.output,
    attributes: Object.fromEntries(
      node.attribute.map((attribute) => [attribute.name, readAttribute(attribute, node.name)]),
    ),
  }));
  // What a node gives as a constant is an initializer written otherwise.
  const given = nodes.flatMap(({ op, outputs, attributes: { value } }) =>
    op === 'Constant' && value !== undefined && isTensor(value) ? [{ ...value, name: outputs[0] }] : [],
  );
  const names = new Set(given.map(({ name }) => name));
  return {
    name: graph.name,
    opset: parsed.opset_import.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
    inputs: graph.input.filter(({ name }) => !constants.has(name)).map(readValue),
    outputs: graph.output.map(readValue),
    nodes: nodes.filter(({ outputs }) => !names.has(outputs[0])),
    initializers: [...graph.initializer.map(readTensor), ...given],
  };
}

/** The bytes of an ONNX file (IR version 8) of this model. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const dimension = (size: number | string) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size });
  const value = ({ name, type, shape, shapeless }: OnnxValue) => ({
    name,
    type: {
      tensor_type: {
        elem_type: ELEMENT_CODES[type],
        ...(shapeless ? {} : { shape: { dim: shape.map(dimension) } }),
      },
    },
  });
  const message = FORMAT.fromObject({
    ir_version: 8,
    producer_name: 'lightsleeper',
    opset_import: [{ domain: '', version: model.opset }],
    graph: {
      name: model.name,
      node: model.nodes.map((node) => ({
        name: node.name,
        op_type: node.op,
        domain: node.domain,
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes).map(([name, content]) => writeAttribute(name, content)),
      })),
      initializer: model.initializers.map(writeTensor),
      input: model.inputs.map(value),
      output: model.outputs.map(value),
    },
  });
  return FORMAT.encode(message).finish();
}

/** A float32 tensor. */
function readValue({ name, type }: ValueMessage): OnnxValue {
  const tensor = type?.tensor_type;
  if (!tensor) throw new OnnxError(`The model's input or output ${name} is no tensor.`);
  return {
    name,
    type: elementType(tensor.elem_type, name),
    shape: (tensor.shape?.dim ?? []).map(({ dim_value, dim_param }) => (dim_value > 0 ? dim_value : dim_param)),
  };
}

/** Codes of AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;
const toText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function readAttribute(attribute: AttributeMessage, node: string): OnnxAttribute {
  switch (attribute.type) {
    case ATTRIBUTE.float:
      return attribute.f;
    case ATTRIBUTE.int:
      return attribute.i;
    case ATTRIBUTE.string:
      return toText(attribute.s);
    case ATTRIBUTE.floats:
      return attribute.floats;
    case ATTRIBUTE.ints:
      return attribute.ints;
    case ATTRIBUTE.strings:
      return attribute.strings.map(toText);
    case ATTRIBUTE.tensor:
      if (attribute.t) return readTensor(attribute.t);
  }
  throw new OnnxError(
    `The attribute ${attribute.name} of node ${node} is of a kind that is not supported (control flow?).`,
  );
}

/** Attributes that are floats in every operator that has them, though their value may be whole. */
const FLOATS = new Set(['alpha', 'beta', 'gamma', 'lambd', 'epsilon', 'momentum', 'bias', 'ratio']);

function writeAttribute(name: string, content: OnnxAttribute) {
  if (typeof content === 'number')
    return Number.isInteger(content) && !FLOATS.has(name)
      ? { name, type: ATTRIBUTE.int, i: content }
      : { name, type: ATTRIBUTE.float, f: content };
  if (typeof content === 'string') return { name, type: ATTRIBUTE.string, s: new TextEncoder().encode(content) };
  if (isTensor(content)) return { name, type: ATTRIBUTE.tensor, t: writeTensor(content) };
  const numbers = content.filter((item) => typeof item === 'number');
  if (numbers.length < content.length)
    return { name, type: ATTRIBUTE.strings, strings: content.map((item) => new TextEncoder().encode(String(item))) };
  return numbers.every(Number.isInteger)
    ? { name, type: ATTRIBUTE.ints, ints: numbers }
    : { name, type: ATTRIBUTE.floats, floats: numbers };
}

function isTensor(content: OnnxAttribute): content is OnnxTensor {
  return typeof content === 'object' && 'raw' in content;
}
