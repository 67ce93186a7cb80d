/** @file Sorting orders and midranks (ties share the mean of their ranks). */

/** The positions of `values` from smallest to largest value; equal values keep their order. */
export function order(values: ArrayLike<number>): Int32Array {
  const positions = new Int32Array(values.length);
  for (let i = 0; i < positions.length; i++) positions[i] = i;
  return positions.sort((a, b) => values[a] - values[b] || a - b);
}

/**
 * Ranks 1 … n; tied values get the mean of the ranks they cover, so ranks always sum to n(n + 1)/2.
 * @param values [n] without NaN
 */
export function midranks(values: ArrayLike<number>): Float64Array {
  const sorted = order(values);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < sorted.length;) {
    let last = first;
    while (last + 1 < sorted.length && values[sorted[last + 1]] === values[sorted[first]]) last++;
    for (let i = first; i <= last; i++) ranks[sorted[i]] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return ranks;
}
