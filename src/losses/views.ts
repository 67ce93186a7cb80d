/** @file What losses of views share: their checks, and how a similarity is left out. */
import type { tf } from "../engine/tf.ts";

/** Throws unless both views have the same n and d; `name` is the loss. */
export function checkViews(name: string, a: tf.Tensor2D, b: tf.Tensor2D): void {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1])
    throw new RangeError(`${name}: views must have one shape, got [${a.shape}] and [${b.shape}]`);
}

/** Throws unless the temperature is above 0. */
export function checkTemperature(name: string, temperature: number): void {
  if (!(temperature > 0)) throw new RangeError(`${name}: temperature must be > 0, got ${temperature}`);
}

/** Added to a logit it leaves a softmax: far below -1/temperature, and exp gives exactly 0. */
export const MASKED = -1e9;
