/** @file Inner product of two runs of numbers, in four sums: with one, each addition waits for the one before it. */

/** `Σ_j a[aFrom + j]·b[bFrom + j]`, j = 0 … length-1. */
export function innerProduct(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = length - (length % 4);
  for (let j = 0; j < whole; j += 4) {
    s0 += a[aFrom + j] * b[bFrom + j];
    s1 += a[aFrom + j + 1] * b[bFrom + j + 1];
    s2 += a[aFrom + j + 2] * b[bFrom + j + 2];
    s3 += a[aFrom + j + 3] * b[bFrom + j + 3];
  }
  for (let j = whole; j < length; j++) s0 += a[aFrom + j] * b[bFrom + j];
  return s0 + s1 + (s2 + s3);
}
