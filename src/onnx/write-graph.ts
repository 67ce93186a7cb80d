/** @file An expression as the nodes and initialisers of an ONNX graph: float32, images as [n, c, h, w]. */
import type { Attributes, Constant, Linear, Operation, Value } from "./graph.ts";
import { ATTRIBUTE, TENSOR, type AttributeProto, type NodeProto, type TensorProto } from "./model-proto.ts";

export interface WrittenGraph {
  /** in an order in which needs come first */
  node: NodeProto[];
  initializer: TensorProto[];
}

/**
 * @param input name of the one input
 * @param outputs values by the names that they are to have
 */
export function writeGraph(input: string, outputs: Readonly<Record<string, Value>>): WrittenGraph {
  const node: NodeProto[] = [];
  const initializer: TensorProto[] = [];
  const names = new Map<Value, string>();
  const taken = new Set([input, ...Object.keys(outputs)]);
  const unique = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; taken.has(name); k++) name = `${wanted}_${k}`;
    taken.add(name);
    return name;
  };
  const store = (name: string, dims: readonly number[], data: Float32Array | BigInt64Array): string => {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    initializer.push({ name, dims: [...dims], dataType: data instanceof BigInt64Array ? TENSOR.int64 : TENSOR.float32, rawData });
    return name;
  };
  const add = (opType: string, name: string, inputs: string[], attributes: Attributes): string => {
    node.push({ opType, name, input: inputs, output: [name], attribute: Object.entries(attributes).map(attributeOf) });
    return name;
  };

  const linear = (value: Linear): string => {
    const label = value.kernel.name?.replace(/\.(kernel|weight)$/, "") ?? value.form;
    const x = nameOf(value.x);
    const name = unique(label);
    const { dims, data } = kernelOf(value);
    const inputs = [x, store(unique(`${name}.weight`), dims, data)];
    if (value.offset) inputs.push(store(unique(`${name}.bias`), [value.offset.length], Float32Array.from(value.offset)));
    return add(value.form === "dense" ? "Gemm" : "Conv", name, inputs, value.attributes);
  };
  const operation = (value: Operation): string => {
    const inputs = value.inputs.map((each) => {
      if (!("kind" in each)) return store(unique("integers"), [each.length], BigInt64Array.from(each));
      return each.kind === "constant" ? store(unique(each.name ?? "constant"), dimsBeside(each, value), float32(each.data)) : nameOf(each);
    });
    return add(value.op, unique(value.op.toLowerCase()), inputs, value.attributes);
  };
  const written = (value: Value): string => {
    if (value.kind === "input") return input;
    if (value.kind === "constant") throw new RangeError("writeGraph: an output must depend on the input, got a constant");
    return value.kind === "linear" ? linear(value) : operation(value);
  };
  function nameOf(value: Value): string {
    const name = names.get(value) ?? written(value);
    names.set(value, name);
    return name;
  }

  for (const [name, value] of Object.entries(outputs)) add("Identity", name, [nameOf(value)], {});
  return { node, initializer };
}

function attributeOf([name, value]: [string, Attributes[string]]): AttributeProto {
  if (typeof value !== "number") return { name, type: ATTRIBUTE.ints, ints: [...value] };
  return Number.isInteger(value) ? { name, type: ATTRIBUTE.int, i: value } : { name, type: ATTRIBUTE.float, f: value };
}

const float32 = (data: ArrayLike<number>): Float32Array => (data instanceof Float32Array ? data : Float32Array.from(data));

/** A constant's shape beside images [n, c, h, w], if it stands beside such: one number a channel is [c, 1, 1] there. */
function dimsBeside({ shape }: Constant, { shape: beside, op, inputs }: Operation): readonly number[] {
  if (beside.length < 4 || shape.length === 0) return shape;
  if (shape.length === 1 && inputs.length === 2) return [shape[0], 1, 1];
  throw new RangeError(`writeGraph: ${op} must have constants of one axis beside images, got [${shape}]`);
}

/** The kernel as ONNX lays it out, times the scale: [out, in / groups, h, w], or [in, out]. */
function kernelOf({ form, kernel: { shape, data }, scale }: Linear): { dims: number[]; data: Float32Array } {
  const out = new Float32Array(data.length);
  if (form === "dense") {
    for (let i = 0; i < out.length; i++) out[i] = data[i] * (scale?.[i % shape[1]] ?? 1);
    return { dims: [...shape], data: out };
  }
  const [height, width, from, to] = shape;
  const taps = height * width;
  for (let tap = 0, at = 0; tap < taps; tap++)
    for (let i = 0; i < from; i++)
      for (let o = 0; o < to; o++, at++) {
        // output channel i·multiplier + o of a depthwise kernel, which then has one input
        const [channel, place] = form === "conv" ? [o, o * from + i] : [i * to + o, i * to + o];
        out[place * taps + tap] = data[at] * (scale?.[channel] ?? 1);
      }
  return { dims: form === "conv" ? [to, from, height, width] : [from * to, 1, height, width], data: out };
}
