/** @file Counting in sorted arrays by bisection. */

/** How many of the ascending `values` lie below `bound`. */
export const countBelow = (values: Float64Array, bound: number): number => partition(values, (value) => value < bound);

/** How many of the ascending `values` lie at or below `bound`. */
export const countUpTo = (values: Float64Array, bound: number): number => partition(values, (value) => value <= bound);

/** The length of the leading part of which `belongs` is true. */
function partition(values: Float64Array, belongs: (value: number) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (belongs(values[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
