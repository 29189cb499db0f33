// Reads and writes ONNX files: the part of the format (onnx.proto3, github.com/onnx/onnx) that networks of one graph without control flow need.
import protobuf from 'protobufjs';
import { z } from 'zod';

/** A file that is no ONNX model, or uses what this reader does not know; the message is for people. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}

const ELEMENT_CODES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11 } as const;
export type ElementType = keyof typeof ELEMENT_CODES;
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
};

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: ElementType;
  /** Little-endian, in row-major order. */
  readonly raw: Uint8Array;
}

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

const FORMAT = protobuf
  .parse(
    `syntax = "proto3"; package onnx;
  message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; Tensor t = 5; Graph g = 6; repeated float floats = 7;
    repeated int64 ints = 8; repeated bytes strings = 9; int32 type = 20; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5;
    string domain = 7; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int32 int32_data = 5;
    repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; repeated double double_data = 10; int32 data_location = 14; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Type { TensorType tensor_type = 1; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11;
    repeated ValueInfo output = 12; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Model { int64 ir_version = 1; string producer_name = 2; string producer_version = 3; Graph graph = 7;
    repeated OperatorSet opset_import = 8; }`,
    { keepCase: true },
  )
  .root.lookupType('onnx.Model');

const bytesSchema = z.instanceof(Uint8Array);
const tensorSchema = z.object({
  dims: z.array(z.number()),
  data_type: z.number(),
  float_data: z.array(z.number()),
  int32_data: z.array(z.number()),
  int64_data: z.array(z.number()),
  double_data: z.array(z.number()),
  name: z.string(),
  raw_data: bytesSchema,
  data_location: z.number(),
});
const attributeSchema = z.object({
  name: z.string(),
  type: z.number(),
  f: z.number(),
  i: z.number(),
  s: bytesSchema,
  t: tensorSchema.nullish(),
  floats: z.array(z.number()),
  ints: z.array(z.number()),
  strings: z.array(bytesSchema),
});
const valueSchema = z.object({
  name: z.string(),
  type: z
    .object({
      tensor_type: z
        .object({
          elem_type: z.number(),
          shape: z.object({ dim: z.array(z.object({ dim_value: z.number(), dim_param: z.string() })) }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
const modelSchema = z.object({
  opset_import: z.array(z.object({ domain: z.string(), version: z.number() })),
  graph: z.object({
    name: z.string(),
    node: z.array(
      z.object({
        input: z.array(z.string()),
        output: z.array(z.string()),
        name: z.string(),
        op_type: z.string(),
        domain: z.string(),
        attribute: z.array(attributeSchema),
      }),
    ),
    initializer: z.array(tensorSchema),
    input: z.array(valueSchema),
    output: z.array(valueSchema),
  }),
});

/** Throws OnnxError when the bytes are no ONNX model of one plain graph. */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let parsed: z.infer<typeof modelSchema>;
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
export const floatTensor = (name: string, dims: readonly number[], values: Iterable<number>): OnnxTensor => ({
  name,
  dims,
  type: 'float32',
  raw: new Uint8Array(Float32Array.from(values).buffer),
});
export const int8Tensor = (name: string, dims: readonly number[], values: Iterable<number>): OnnxTensor => ({
  name,
  dims,
  type: 'int8',
  raw: new Uint8Array(Int8Array.from(values).buffer),
});
export const uint8Tensor = (name: string, dims: readonly number[], values: Iterable<number>): OnnxTensor => ({
  name,
  dims,
  type: 'uint8',
  raw: Uint8Array.from(values),
});
export const int32Tensor = (name: string, dims: readonly number[], values: Iterable<number>): OnnxTensor => ({
  name,
  dims,
  type: 'int32',
  raw: new Uint8Array(Int32Array.from(values).buffer),
});
export const int64Tensor = (name: string, dims: readonly number[], values: readonly number[]): OnnxTensor => ({
  name,
  dims,
  type: 'int64',
  raw: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

/** The values of a tensor as numbers. Throws OnnxError for float16, which nothing here computes with. */
export function tensorValues({ raw, type, name }: OnnxTensor): number[] {
  const { buffer } = new Uint8Array(raw); // a copy, aligned; slice() of a Buffer is none
  switch (type) {
    case 'float32':
      return Array.from(new Float32Array(buffer));
    case 'float64':
      return Array.from(new Float64Array(buffer));
    case 'int8':
      return Array.from(new Int8Array(buffer));
    case 'uint8':
    case 'bool':
      return Array.from(raw);
    case 'int32':
      return Array.from(new Int32Array(buffer));
    case 'int64':
      return Array.from(new BigInt64Array(buffer), Number);
    case 'float16':
      throw new OnnxError(`The tensor ${name} holds 16-bit floats, which are not supported.`);
  }
}

export const elementCount = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

function elementType(code: number, name: string): ElementType {
  for (const type of Object.keys(ELEMENT_CODES)) if (isElementType(type) && ELEMENT_CODES[type] === code) return type;
  throw new OnnxError(`The tensor ${name} has elements of ONNX type ${code}, which are not supported.`);
}

const isElementType = (type: string): type is ElementType => type in ELEMENT_CODES;

function readTensor(tensor: z.infer<typeof tensorSchema>): OnnxTensor {
  const { name, dims } = tensor;
  if (tensor.data_location !== 0)
    throw new OnnxError(`The tensor ${name} lies in another file; put the weights into the model itself.`);
  const type = elementType(tensor.data_type, name);
  const raw = tensor.raw_data.length > 0 ? tensor.raw_data.slice() : spelledOut(tensor, type);
  const expected = elementCount(dims) * ELEMENT_BYTES[type];
  if (raw.length !== expected)
    throw new OnnxError(`The tensor ${name} has ${raw.length} bytes where its shape needs ${expected}.`);
  return { name, dims, type, raw };
}

/** Values that were written number by number instead of as raw bytes. */
function spelledOut(tensor: z.infer<typeof tensorSchema>, type: ElementType): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(tensor.float_data).buffer);
    case 'float64':
      return new Uint8Array(Float64Array.from(tensor.double_data).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(tensor.int64_data, BigInt).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(tensor.int32_data).buffer);
    case 'float16':
      return new Uint8Array(Uint16Array.from(tensor.int32_data).buffer);
    default:
      return Uint8Array.from(tensor.int32_data);
  }
}

const writeTensor = ({ name, dims, type, raw }: OnnxTensor) => ({
  name,
  dims,
  data_type: ELEMENT_CODES[type],
  raw_data: raw,
});

function readValue({ name, type }: z.infer<typeof valueSchema>): OnnxValue {
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

function readAttribute(attribute: z.infer<typeof attributeSchema>, node: string): OnnxAttribute {
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
