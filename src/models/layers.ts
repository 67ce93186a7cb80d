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

/** Added to a variance where a norm names no other number; the value of torch and of the ResNet papers' code. */
export const NORM_EPSILON = 1e-5;

/** Added to a variance over channels; the value of ConvNeXt's code. */
const LAYER_NORM_EPSILON = 1e-6;

/** A norm of a network, by the name that statistics are kept under; `affine: false` has neither scale nor offset. */
export interface NormSpec {
  name: string;
  channels: number;
  affine?: false;
  /** Added to a batch's or fixed variance; NORM_EPSILON where absent. */
  epsilon?: number;
}

/** A convolution of a network: kernel [size, size, from, to] with stride; no bias unless asked for, since mostly a norm follows. */
export interface ConvSpec {
  name: string;
  size: number;
  from: number;
  to: number;
  stride: number;
  bias?: true;
  /** One kernel a channel, [size, size, from, 1]: then `from` = `to`, and `size` is odd. */
  depthwise?: true;
  /**
   * An odd row or column of zeros comes first instead of last. Where a stride halves an even side, a cell sees half a pixel of the
   * input too far down and right with the usual padding, and half a pixel too far up and left with this one.
   */
  oddPadFirst?: true;
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
export function conv(params: Params, spec: ConvSpec, x: tf.Tensor4D): tf.Tensor4D {
  const { name, stride, bias, depthwise, oddPadFirst } = spec;
  const kernel = param<tf.Tensor4D>(params, `${name}.kernel`);
  const [input, pad] = oddPadFirst ? ([padOddFirst(x, spec), "valid"] as const) : ([x, "same"] as const);
  const y = depthwise ? depthwiseConv(input, kernel, { stride, pad }) : tf.conv2d(input, kernel, stride, pad);
  return bias ? tf.add(y, param<tf.Tensor1D>(params, `${name}.bias`)) : y;
}

/** x [n, h, w, c] with the zeros that "same" adds, but an odd one on the other side. */
function padOddFirst(x: tf.Tensor4D, { size, stride }: ConvSpec): tf.Tensor4D {
  const around = (length: number): [number, number] => {
    const zeros = Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
    return [Math.ceil(zeros / 2), Math.floor(zeros / 2)];
  };
  return tf.pad(x, [[0, 0], around(x.shape[1]), around(x.shape[2]), [0, 0]]);
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
export function norm(
  params: Params,
  { name, channels, affine, epsilon = NORM_EPSILON }: NormSpec,
  x: tf.Tensor4D,
  mode: NormMode,
): tf.Tensor4D {
  const scale = affine === false ? tf.ones<tf.Rank.R1>([channels]) : param<tf.Tensor1D>(params, `${name}.scale`);
  const offset = affine === false ? tf.zeros<tf.Rank.R1>([channels]) : param<tf.Tensor1D>(params, `${name}.offset`);
  if (mode.kind === "batch") {
    if (mode.observe) {
      const { mean, variance } = batchMoments(x);
      mode.observe(name, mean, variance);
    }
    return batchNorm(x, scale, offset, epsilon);
  }
  const found = mode.statistics.get(name);
  if (!found) throw new RangeError(`norm: no statistics are called "${name}", known: ${[...mode.statistics.keys()].join(", ")}`);
  return fixedBatchNorm(x, found.mean, found.variance, scale, offset, epsilon);
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
