/**
 * @file A network is data and a pure function: named parameter shapes, and `apply` from parameters and input to output.
 * Parameters live in one flat vector [p], so that optimisers, checkpoints and (later) recorded graphs see one tensor.
 */
import { tf } from "../engine/tf.ts";
import type { Rng } from "../util/rng.ts";

/** One parameter: name, shape, initial values, and whether weight decay applies (weights yes; norms and biases no). */
export interface ParamSpec {
  name: string;
  shape: readonly number[];
  decay: boolean;
  init: (rng: Rng, values: Float32Array) => void;
}

/** Parameters by name, as views that live in the current tidy. */
export type Params = ReadonlyMap<string, tf.Tensor>;

/** Mean and (biased) variance of one batch norm's input, per channel [c]. */
export interface NormStatistics {
  mean: Float32Array;
  variance: Float32Array;
}

/**
 * How batch norm finds mean and variance: from the batch (training), optionally telling what it found,
 * or fixed (inference). Statistics for inference are measured over the training images after training
 * ("precise BN": Wu & Johnson 2021, arXiv 2105.07576, §3), so a training step has no side effects.
 */
export type NormMode =
  | { kind: "batch"; observe?: (name: string, mean: tf.Tensor1D, variance: tf.Tensor1D) => void }
  | { kind: "fixed"; statistics: ReadonlyMap<string, { mean: tf.Tensor1D; variance: tf.Tensor1D }> };

const lengthOf = ({ shape }: ParamSpec): number => shape.reduce((a, b) => a * b, 1);

/** Number of values of each spec, in order. */
export const sizesOf = (specs: readonly ParamSpec[]): number[] => specs.map(lengthOf);

/** Number of values in a list of specs. */
export const sizeOf = (specs: readonly ParamSpec[]): number => specs.reduce((sum, spec) => sum + lengthOf(spec), 0);

/** 1 where weight decay applies, else 0, in the order of the flat vector [p]. */
export function decayMask(specs: readonly ParamSpec[]): Float32Array {
  const mask = new Float32Array(sizeOf(specs));
  let at = 0;
  for (const spec of specs) mask.fill(spec.decay ? 1 : 0, at, (at += lengthOf(spec)));
  return mask;
}

/** Initial parameters in one vector [p], each spec from its own named stream. */
export function initialise(specs: readonly ParamSpec[], rngFor: (name: string) => Rng): Float32Array {
  const flat = new Float32Array(sizeOf(specs));
  let at = 0;
  for (const spec of specs) {
    const length = lengthOf(spec);
    spec.init(rngFor(spec.name), flat.subarray(at, at + length));
    at += length;
  }
  return flat;
}

/** Splits flat parameters [p] into named views; differentiable; call inside a tidy. */
export function unflatten(flat: tf.Tensor1D, specs: readonly ParamSpec[]): Params {
  const lengths = specs.map(lengthOf);
  const parts = specs.length === 1 ? [flat] : tf.split(flat, lengths);
  return new Map(specs.map((spec, i) => [spec.name, spec.shape.length === 1 ? parts[i] : parts[i].reshape([...spec.shape])]));
}

/** The parameter called `name`. @throws RangeError where there is none */
export function param<T extends tf.Tensor>(params: Params, name: string): T {
  const found = params.get(name);
  if (!found) throw new RangeError(`param: no parameter is called "${name}", known: ${[...params.keys()].join(", ")}`);
  return found as T;
}

/** Flat parameters [p] with the one called `name` put through `change`, which keeps its shape; a pure function of tensors. */
export function replaceParam<T extends tf.Tensor>(
  flat: tf.Tensor1D,
  specs: readonly ParamSpec[],
  name: string,
  change: (value: T) => tf.Tensor,
): tf.Tensor1D {
  const at = specs.findIndex((spec) => spec.name === name);
  if (at < 0) throw new RangeError(`replaceParam: no parameter is called "${name}", known: ${specs.map((spec) => spec.name).join(", ")}`);
  const start = sizeOf(specs.slice(0, at));
  const length = lengthOf(specs[at]);
  return tf.tidy(() => {
    const value = tf.reshape(tf.slice(flat, start, length), [...specs[at].shape]) as T;
    const end = start + length;
    return tf.concat([tf.slice(flat, 0, start), tf.reshape<tf.Rank.R1>(change(value), [length]), tf.slice(flat, end)]);
  });
}
