/** @file Gradients by central differences, the oracle of every hand-written derivative. */
import { tf } from "../engine/tf.ts";
import { assertClose, type Tolerance } from "./close.ts";

/** Gradient of `f` at `x` [p] by central differences: truncation h²/6·f''', float32 rounding about 1e-7·|f|/h. */
export function numericGradient(f: (x: Float32Array) => number, x: ArrayLike<number>, h = 1e-2): Float64Array {
  return Float64Array.from(x, (value, i) => {
    const at = (shift: number) => f(Float32Array.from(x, (other, j) => (i === j ? value + shift : other)));
    return (at(h) - at(-h)) / (2 * h);
  });
}

/** Asserts that tfjs's gradient of `f` at `x` equals the central differences. */
export function assertGradient(f: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor, tolerance: Tolerance, h = 1e-2): void {
  const numeric = numericGradient((values) => tf.tidy(() => f(tf.tensor(values, x.shape)).dataSync()[0]), x.dataSync(), h);
  assertClose(
    tf.tidy(() => tf.grad(f)(x).dataSync()),
    numeric,
    tolerance,
    "gradient",
  );
}
