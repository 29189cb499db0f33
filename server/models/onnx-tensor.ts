// Tensors of ONNX files: weights and constants, as bytes and as numbers.

import type { TensorMessage } from './onnx-format.ts';

/** A file that is no ONNX model, or uses what this reader does not know; the message is for people. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}

export const ELEMENT_CODES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
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

export function elementType(code: number, name: string): ElementType {
  for (const type of Object.keys(ELEMENT_CODES)) if (isElementType(type) && ELEMENT_CODES[type] === code) return type;
  throw new OnnxError(`The tensor ${name} has elements of ONNX type ${code}, which are not supported.`);
}

const isElementType = (type: string): type is ElementType => type in ELEMENT_CODES;

export function readTensor(tensor: TensorMessage): OnnxTensor {
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
function spelledOut(tensor: TensorMessage, type: ElementType): Uint8Array {
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

export const writeTensor = ({ name, dims, type, raw }: OnnxTensor) => ({
  name,
  dims,
  data_type: ELEMENT_CODES[type],
  raw_data: raw,
});
