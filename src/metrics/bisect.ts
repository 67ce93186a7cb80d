/** @file Counting in sorted arrays by bisection. Two loops rather than one with a comparison handed in: rank metrics search once a case. */

/** How many of the ascending `values` lie below `bound`. */
export function countBelow(values: Float64Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending `values` lie at or below `bound`. */
export function countUpTo(values: Float64Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
