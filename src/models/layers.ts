/**
 * @file The few layers that networks are built of: each has its parameter specs and a pure function that reads them by name.
 * Initial weights: He et al. 2015, arXiv 1502.01852, eq. 10 (fan-in).
 */
import { batchMoments, batchNorm, fixedBatchNorm } from "../engine/batch-norm.ts";
import { depthwiseConv } from "../engine/depthwise-conv.ts";
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import type { Rng } from "../util/rng.ts";
import { param, type NormMode, type Params, type ParamSpec } from "./network.ts";

/** Added to a variance; the value of torch and of the ResNet papers' code. */
export const NORM_EPSILON = 1e-5;

/** Added to a variance over channels; the value of ConvNeXt's code. */
const LAYER_NORM_EPSILON = 1e-6;

/** A norm of a network, by the name that statistics are kept under; `affine: false` has neither scale nor offset. */
export interface NormSpec {
  name: string;
  channels: number;
  affine?: false;
}

/** A convolution of a network: kernel [size, size, from, to] with stride; no bias unless asked for, since mostly a norm follows. */
export interface ConvSpec {
  name: string;
  size: number;
  from: number;
  to: number;
  stride: number;
  bias?: true;
  /** One kernel a channel, [size, size, from, 1]: then `from` = `to`, `size` is odd and `stride` 1. */
  depthwise?: true;
}

const normal = (deviation: number) => (rng: Rng, values: Float32Array) => {
  for (let i = 0; i < values.length; i++) values[i] = deviation * rng.normal();
};
const constant = (value: number) => (_: Rng, values: Float32Array) => void values.fill(value);

/** Kernel and bias of a convolution. */
export function convParams({ name, size, from, to, bias, depthwise }: ConvSpec): ParamSpec[] {
  const fanIn = size * size * (depthwise ? 1 : from);
  const shape = depthwise ? [size, size, from, 1] : [size, size, from, to];
  const kernel: ParamSpec = { name: `${name}.kernel`, shape, decay: true, init: normal(Math.sqrt(2 / fanIn)) };
  return bias ? [kernel, { name: `${name}.bias`, shape: [to], decay: false, init: constant(0) }] : [kernel];
}

/** x [n, h, w, from] → [n, ⌈h/stride⌉, ⌈w/stride⌉, to], zero-padded. */
export function conv(params: Params, { name, stride, bias, depthwise }: ConvSpec, x: tf.Tensor4D): tf.Tensor4D {
  const kernel = param<tf.Tensor4D>(params, `${name}.kernel`);
  const y = depthwise ? depthwiseConv(x, kernel) : tf.conv2d(x, kernel, stride, "same");
  return bias ? tf.add(y, param<tf.Tensor1D>(params, `${name}.bias`)) : y;
}

/** Scale and offset of a norm; `scale` is its initial value. */
export function normParams({ name, channels, affine }: NormSpec, scale = 1): ParamSpec[] {
  if (affine === false) return [];
  return [
    { name: `${name}.scale`, shape: [channels], decay: false, init: constant(scale) },
    { name: `${name}.offset`, shape: [channels], decay: false, init: constant(0) },
  ];
}

/** Batch norm of x [n, h, w, c] by the batch's or by fixed statistics; tells an observer what the batch has. */
export function norm(params: Params, { name, channels, affine }: NormSpec, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D {
  const scale = affine === false ? tf.ones<tf.Rank.R1>([channels]) : param<tf.Tensor1D>(params, `${name}.scale`);
  const offset = affine === false ? tf.zeros<tf.Rank.R1>([channels]) : param<tf.Tensor1D>(params, `${name}.offset`);
  if (mode.kind === "batch") {
    if (mode.observe) {
      const { mean, variance } = batchMoments(x);
      mode.observe(name, mean, variance);
    }
    return batchNorm(x, scale, offset, NORM_EPSILON);
  }
  const found = mode.statistics.get(name);
  if (!found) throw new RangeError(`norm: no statistics are called "${name}", known: ${[...mode.statistics.keys()].join(", ")}`);
  return fixedBatchNorm(x, found.mean, found.variance, scale, offset, NORM_EPSILON);
}

/**
 * Every cell of x [n, h, w, c] to mean 0 and variance 1 over its channels, then scale and offset: no statistics, so no modes.
 * Reference: Ba et al. 2016, arXiv 1607.06450, eq. 3, with the channels of one cell as the layer.
 */
export function layerNorm(params: Params, { name }: NormSpec, x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(x, 3, true);
    const normal: tf.Tensor4D = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON)));
    return tf.add(tf.mul(normal, param<tf.Tensor1D>(params, `${name}.scale`)), param<tf.Tensor1D>(params, `${name}.offset`));
  });
}

/** x·Φ(x), Φ the normal distribution function: Hendrycks & Gimpel 2016, arXiv 1606.08415, §2 (exact, not the tanh approximation). */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)));
}

/** A dense layer from → to; `deviation` of its initial weights. */
export interface LinearSpec {
  name: string;
  from: number;
  to: number;
  bias: boolean;
  deviation: number;
}

/** Weight [from, to] and bias [to]. */
export function linearParams({ name, from, to, bias, deviation }: LinearSpec): ParamSpec[] {
  const weight: ParamSpec = { name: `${name}.weight`, shape: [from, to], decay: true, init: normal(deviation) };
  return bias ? [weight, { name: `${name}.bias`, shape: [to], decay: false, init: constant(0) }] : [weight];
}

/** x [n, from] → [n, to]. */
export function linear(params: Params, { name, bias }: LinearSpec, x: tf.Tensor2D): tf.Tensor2D {
  const y: tf.Tensor2D = matMul(x, param<tf.Tensor2D>(params, `${name}.weight`));
  return bias ? tf.add(y, param<tf.Tensor1D>(params, `${name}.bias`)) : y;
}
