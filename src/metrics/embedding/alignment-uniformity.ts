/**
 * @file Alignment and uniformity: how near two views of an image are, and how evenly images spread on the sphere.
 * Reference: Wang & Isola 2020, Understanding contrastive representation learning, arXiv 2005.10242, §4.1.
 */
import { mean } from "../moments.ts";
import { checkRows, unitRows, type Rows } from "./unit-rows.ts";

/**
 * `mean |x_i - y_i|^α` of rows scaled to length 1.
 * @param a first views [n][d]
 * @param b second views [n][d], of the same images
 * @returns 0 (views are one) … 2^α; less is better
 */
export function alignment(a: Rows, b: Rows, alpha = 2): number {
  checkRows("alignment", [...a, ...b]);
  if (a.length !== b.length) throw new RangeError(`alignment: views must be of the same images, got ${a.length} and ${b.length}`);
  const [x, y] = [unitRows(a), unitRows(b)];
  return mean(x.map((row, i) => squaredDistance(row, y[i]) ** (alpha / 2)));
}

/**
 * `ln mean over pairs i < j of exp(-t·|x_i - x_j|²)` of rows scaled to length 1.
 * @param rows one view [n][d], n ≥ 2
 * @returns -4t … 0 (all images are one); less is better
 */
export function uniformity(rows: Rows, t = 2): number {
  checkRows("uniformity", rows);
  const x = unitRows(rows);
  let sum = 0;
  for (let i = 0; i < x.length; i++) for (let j = 0; j < i; j++) sum += Math.exp(-t * squaredDistance(x[i], x[j]));
  return Math.log(sum / ((x.length * (x.length - 1)) / 2));
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
