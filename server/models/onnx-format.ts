// The messages of ONNX files (onnx.proto3, github.com/onnx/onnx), as far as networks of one graph without control flow need them, and what decoded ones hold.

import protobuf from 'protobufjs';
import { z } from 'zod';

export const FORMAT = protobuf
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
export const tensorSchema = z.object({
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
export const attributeSchema = z.object({
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
export const valueSchema = z.object({
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
export const modelSchema = z.object({
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

export type TensorMessage = z.infer<typeof tensorSchema>;
export type AttributeMessage = z.infer<typeof attributeSchema>;
export type ValueMessage = z.infer<typeof valueSchema>;
export type ModelMessage = z.infer<typeof modelSchema>;
