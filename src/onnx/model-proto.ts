/**
 * @file ONNX files: onnx.proto beside this file is the official one (onnx 1.23.2, Apache-2.0, unchanged), read by protobufjs.
 * Reference: https://github.com/onnx/onnx/blob/main/docs/IR.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { messageOf, UserError } from "../util/user-error.ts";

/** Values of AttributeProto.AttributeType and TensorProto.DataType that are used here. */
export const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;
export const TENSOR = { float32: 1, int64: 7 } as const;

export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  ints?: number[];
}
export interface NodeProto {
  opType: string;
  name: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}
export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  /** little-endian */
  rawData: Uint8Array;
}
/** A size that is not known is called by a name. */
export type Dimension = { dimValue: number } | { dimParam: string };
export interface ValueInfoProto {
  name: string;
  docString?: string;
  type: { tensorType: { elemType: number; shape: { dim: Dimension[] } } };
}
export interface GraphProto {
  name: string;
  docString?: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}
export interface ModelProto {
  irVersion: number;
  opsetImport: { domain: string; version: number }[];
  producerName: string;
  producerVersion: string;
  docString: string;
  graph: GraphProto;
  metadataProps: { key: string; value: string }[];
}

let type: protobuf.Type | undefined;
const modelType = (): protobuf.Type =>
  (type ??= protobuf.parse(readFileSync(join(import.meta.dirname, "onnx.proto"), "utf8")).root.lookupType("onnx.ModelProto"));

/** Equal models give equal bytes. */
export const encodeModel = (model: ModelProto): Uint8Array => modelType().encode(modelType().fromObject(model)).finish();

/**
 * @param source what messages call the file
 * @throws UserError where the bytes are no ONNX model
 */
export function decodeModel(bytes: Uint8Array, source: string): ModelProto {
  try {
    const message = modelType().decode(bytes);
    const model = modelType().toObject(message, { longs: Number, arrays: true, defaults: true, oneofs: false }) as ModelProto;
    if (!model.graph?.node.length) throw new RangeError("it holds no graph");
    return model;
  } catch (cause) {
    throw new UserError(`${source}: this is no ONNX model, or a damaged one (${messageOf(cause)}); export it again`, {
      status: 422,
      cause,
    });
  }
}
