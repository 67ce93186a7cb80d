/** @file A convolution with its batch norm, and the strides of the stages that are built of it. */
import type { EncoderConfig } from "../config/encoder.ts";
import type { tf } from "../engine/tf.ts";
import { conv, convParams, norm, normParams, type ConvSpec, type NormSpec } from "./layers.ts";
import type { NormMode, Params, ParamSpec } from "./network.ts";

export interface NormedConv {
  conv: ConvSpec;
  norm: NormSpec;
}

/** Strides of the four stages after a stem of stride 2: at output strides under 32 the last stages keep their input's resolution. */
export const STAGE_STRIDES: Record<EncoderConfig["outputStride"], readonly number[]> = {
  8: [2, 2, 1, 1],
  16: [2, 2, 2, 1],
  32: [2, 2, 2, 2],
};

export function normedConv(name: string, size: number, from: number, to: number, stride: number): NormedConv {
  return { conv: { name, size, from, to, stride }, norm: { name: `${name}.norm`, channels: to } };
}

/** @param scale the norm's initial scale */
export const normedConvParams = (layer: NormedConv, scale = 1): ParamSpec[] => [
  ...convParams(layer.conv),
  ...normParams(layer.norm, scale),
];

/** x [n, h, w, from] → [n, ⌈h/stride⌉, ⌈w/stride⌉, to], not rectified. */
export const applyNormedConv = (params: Params, layer: NormedConv, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D =>
  norm(params, layer.norm, conv(params, layer.conv, x), mode);
