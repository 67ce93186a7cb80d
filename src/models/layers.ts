/**
 * @file The few layers that networks are built of: each has its parameter specs and a pure function that reads them by name.
 * Initial weights: He et al. 2015, arXiv 1502.01852, eq. 10 (fan-in).
 */
import { batchMoments, batchNorm, fixedBatchNorm } from "../engine/batch-norm.ts";
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import type { Rng } from "../util/rng.ts";
import { param, type NormMode, type Params, type ParamSpec } from "./network.ts";

/** Added to a variance; the value of torch and of the ResNet papers' code. */
export const NORM_EPSILON = 1e-5;

/** A batch norm of a network, by the name that statistics are kept under. */
export interface NormSpec {
  name: string;
  channels: number;
}

/** A convolution of a network: kernel [size, size, from, to] with stride, without bias (a norm follows). */
export interface ConvSpec {
  name: string;
  size: number;
  from: number;
  to: number;
  stride: number;
}

const normal = (deviation: number) => (rng: Rng, values: Float32Array) => {
  for (let i = 0; i < values.length; i++) values[i] = deviation * rng.normal();
};
const constant = (value: number) => (_: Rng, values: Float32Array) => void values.fill(value);

/** Kernel of a convolution. */
export function convParams({ name, size, from, to }: ConvSpec): ParamSpec[] {
  const fanIn = size * size * from;
  return [{ name: `${name}.kernel`, shape: [size, size, from, to], decay: true, init: normal(Math.sqrt(2 / fanIn)) }];
}

/** x [n, h, w, from] → [n, ⌈h/stride⌉, ⌈w/stride⌉, to], zero-padded. */
export function conv(params: Params, { name, stride }: ConvSpec, x: tf.Tensor4D): tf.Tensor4D {
  return tf.conv2d(x, param<tf.Tensor4D>(params, `${name}.kernel`), stride, "same");
}

/** Scale and offset of a batch norm; `scale` is its initial value. */
export function normParams({ name, channels }: NormSpec, scale = 1): ParamSpec[] {
  return [
    { name: `${name}.scale`, shape: [channels], decay: false, init: constant(scale) },
    { name: `${name}.offset`, shape: [channels], decay: false, init: constant(0) },
  ];
}

/** Batch norm of x [n, h, w, c] by the batch's or by fixed statistics; tells an observer what the batch has. */
export function norm(params: Params, { name }: NormSpec, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D {
  const scale = param<tf.Tensor1D>(params, `${name}.scale`);
  const offset = param<tf.Tensor1D>(params, `${name}.offset`);
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
