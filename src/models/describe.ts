/** @file Size and cost of an encoder, from its description alone. */
import type { Encoder } from "./encoder.ts";
import { sizeOf } from "./network.ts";

/** What an encoder costs on one image of a given side. */
export interface EncoderCost {
  /** Trained numbers. */
  parameters: number;
  /** Floating-point operations of one forward pass of the convolutions (a multiply-add counts 2). */
  flops: number;
  /** Rows and columns of the last feature map. */
  grid: number;
}

/** @param size side of the image in pixels */
export function describeEncoder(encoder: Encoder, size: number): EncoderCost {
  const flops = encoder.convs.reduce((sum, { size: kernel, from, to, pixelsPerCell }) => {
    const cells = Math.ceil(size / pixelsPerCell) ** 2;
    return sum + 2 * kernel ** 2 * from * to * cells;
  }, 0);
  return { parameters: sizeOf(encoder.specs), flops, grid: Math.ceil(size / encoder.config.outputStride) };
}
