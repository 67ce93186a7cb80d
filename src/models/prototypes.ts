/**
 * @file Prototypes of SwAV: unit vectors that unit embeddings are compared with.
 * Reference: Caron et al. 2020, arXiv 2006.09882, §3.1 and listing 1 (`C = normalize(C, dim=0, p=2)` after every update).
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import type { Rng } from "../util/rng.ts";
import { param, type Params, type ParamSpec } from "./network.ts";

/** Length that a vector is divided by at least, as in torch's `normalize`; squared, so that a zero vector stays zero. */
const SMALLEST_SQUARE = 1e-24;

export interface Prototypes {
  readonly specs: readonly ParamSpec[];
  /** Name of the weight, for `replaceParam`. */
  readonly weight: string;
  /** z [n, from], rows of length 1 → scores [n, count], cosines while the prototypes are unit vectors. */
  apply(params: Params, z: tf.Tensor2D): tf.Tensor2D;
}

/** `count` prototypes of length `from`, evenly spread over directions at first; a column of the weight [from, count] each, no bias. */
export function prototypes({ from, count, name = "prototypes" }: { from: number; count: number; name?: string }): Prototypes {
  const weight = `${name}.weight`;
  const init = (rng: Rng, values: Float32Array) => {
    for (let i = 0; i < values.length; i++) values[i] = rng.normal();
    for (let column = 0; column < count; column++) {
      let square = 0;
      for (let i = column; i < values.length; i += count) square += values[i] ** 2;
      for (let i = column; i < values.length; i += count) values[i] /= Math.sqrt(square);
    }
  };
  return {
    specs: [{ name: weight, shape: [from, count], decay: true, init }],
    weight,
    apply: (params, z) => matMul(z, param<tf.Tensor2D>(params, weight)),
  };
}

/**
 * Weight [from, count] with columns of length 1. Belongs after the optimiser's update, outside the gradient:
 * `replaceParam(flat, specs, prototypes.weight, normalisePrototypes)`.
 */
export function normalisePrototypes(weight: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul(weight, tf.rsqrt(tf.add(tf.sum(tf.square(weight), 0, true), SMALLEST_SQUARE))));
}
