/**
 * @file Size and cost of an encoder, layer by layer, from its description alone.
 * Convention: FLOPs of one forward pass of one image; a multiply-add counts 2; convolutions count, with the taps that fall on their
 * padding; biases, norms, rectifiers, sums and means do not.
 */
import type { Encoder } from "./encoder.ts";
import { sizeOf, type ParamSpec } from "./network.ts";

/** One convolution or norm. */
export interface LayerCost {
  name: string;
  /** Of the kernel [size, size, from, to], or of a norm's scale [channels]. */
  shape: readonly number[];
  /** Rows and columns that a convolution puts out; 0 for a norm, which changes none. */
  grid: number;
  parameters: number;
  flops: number;
}

/** What an encoder costs on one image of a given side. */
export interface EncoderCost {
  /** Trained numbers. */
  parameters: number;
  /** Floating-point operations of one forward pass, by the convention above. */
  flops: number;
  /** Rows and columns of the last feature map. */
  grid: number;
  /** Channels of the last feature map. */
  features: number;
  /** In the order of the parameters. */
  layers: LayerCost[];
}

/** @param size side of the image in pixels */
export function describeEncoder(encoder: Encoder, size: number): EncoderCost {
  const convs = new Map(encoder.convs.map((conv) => [conv.name, conv]));
  const layers = [...byLayer(encoder.specs)].map(([name, specs]): LayerCost => {
    const parameters = sizeOf(specs);
    const conv = convs.get(name);
    if (!conv) return { name, shape: specs[0].shape, grid: 0, parameters, flops: 0 };
    const grid = Math.ceil(size / conv.pixelsPerCell);
    const kernel = sizeOf([specs[0]]); // each of its numbers meets each cell once; [size, size, c, 1] of a depthwise one too
    return { name, shape: specs[0].shape, grid, parameters, flops: 2 * kernel * grid ** 2 };
  });
  return {
    parameters: sizeOf(encoder.specs),
    flops: layers.reduce((sum, { flops }) => sum + flops, 0),
    grid: Math.ceil(size / encoder.config.outputStride),
    features: encoder.featureSize,
    layers,
  };
}

/** Parameters by their layer, which is their name without its last part. */
function byLayer(specs: readonly ParamSpec[]): Map<string, ParamSpec[]> {
  const layers = new Map<string, ParamSpec[]>();
  for (const spec of specs) {
    const layer = spec.name.slice(0, spec.name.lastIndexOf("."));
    layers.set(layer, [...(layers.get(layer) ?? []), spec]);
  }
  return layers;
}
