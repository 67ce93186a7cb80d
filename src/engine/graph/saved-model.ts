/**
 * @file A tape as a SavedModel: inputs become Placeholders, numbers from JavaScript Consts, ops nodes, outputs Identities.
 * Reference: tensorflow/core/protobuf/saved_model.proto and meta_graph.proto, tensorflow/core/framework/graph.proto, node_def.proto and
 * tensor.proto, whose field numbers stand here.
 */
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { attributeValue, shapeMessage, shapeValue, tensorValue, typeValue } from "./attributes.ts";
import type { Tape, TapeConstant } from "./tape.ts";
import { bytesField, intField, messageField, textField, type Message } from "./wire.ts";

/** The tag that a session asks for. */
export const TAG = "serve";
/** Version of the graph's format: one number for all, since op definitions are read by the library that wrote them. */
const PRODUCER = 2000;

export interface SavedModel {
  /** the file saved_model.pb, in pieces */
  chunks: Message;
  /** "x0:0", in the order of the tape's inputs */
  inputs: string[];
  outputs: string[];
}

/** The same tape always gives the same bytes: names count ops and constants, and native ids do not enter. */
export function savedModel(binding: TFJSBinding, tape: Tape): SavedModel {
  const nodes: Message[] = [];
  const names = new Map<number, string>();
  const inputs = tape.inputs.map(({ id, shape, dtype }, i) => {
    nodes.push(node(`x${i}`, "Placeholder", [], { dtype: typeValue(dtype), shape: shapeValue(shape) }));
    names.set(id, `x${i}:0`);
    return `x${i}:0`;
  });
  const nameOf = (id: number): string => {
    const name = names.get(id);
    if (name !== undefined) return name;
    const constant = tape.constants.get(id);
    if (!constant) throw new RangeError(`savedModel: tensor ${id} must come from the tape, got one that no op made`);
    nodes.push(node(`c${nodes.length}`, "Const", [], constantAttributes(binding, constant)));
    names.set(id, `c${nodes.length - 1}:0`);
    return names.get(id)!;
  };
  const types = new Map(tape.inputs.map(({ id, dtype }) => [id, dtype]));
  for (const op of tape.ops) {
    const sources = op.inputs.map(nameOf);
    const name = `n${nodes.length}_${op.name}`;
    const attributes = op.attributes.map((attribute) => [attribute.name, attributeValue(binding, attribute)] as const);
    nodes.push(node(name, op.name, sources, Object.fromEntries(attributes)));
    op.outputs.forEach(({ id, dtype }, i) => {
      names.set(id, `${name}:${i}`);
      types.set(id, dtype);
    });
  }
  // an Identity each: a session refuses to fetch what it is fed, and the same tensor may be asked for twice
  const outputs = tape.outputs.map((id, i) => {
    const dtype = types.get(id) ?? tape.constants.get(id)!.dtype;
    nodes.push(node(`y${i}`, "Identity", [nameOf(id)], { T: typeValue(dtype) }));
    return `y${i}:0`;
  });
  const graph = [...nodes.flatMap((each) => messageField(1, each)), ...messageField(4, intField(1, PRODUCER))];
  const metaGraph = [...messageField(1, textField(4, TAG)), ...messageField(2, graph)];
  return { chunks: [...intField(1, 1), ...messageField(2, metaGraph)], inputs, outputs };
}

function node(name: string, op: string, inputs: readonly string[], attributes: Readonly<Record<string, Message>>): Message {
  return [
    ...textField(1, name),
    ...textField(2, op),
    ...inputs.flatMap((input) => textField(3, input)),
    ...Object.entries(attributes).flatMap(([key, value]) => messageField(5, [...textField(1, key), ...messageField(2, value)])),
  ];
}

function constantAttributes(binding: TFJSBinding, { shape, dtype, values }: TapeConstant): Record<string, Message> {
  const content =
    dtype === binding.TF_STRING
      ? (values as Uint8Array[]).flatMap((text) => bytesField(8, text))
      : bytesField(4, bytesOf(values as Float32Array | Int32Array | Uint8Array));
  return { dtype: typeValue(dtype), value: tensorValue([...intField(1, dtype), ...messageField(2, shapeMessage(shape)), ...content]) };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
