/**
 * @file Exact Euclidean distance transform, linear in the number of pixels.
 * Reference: Felzenszwalb & Huttenlocher 2012, "Distance transforms of sampled functions", Theory of Computing 8:415–428, Algorithm 1.
 */
import type { Mask } from "./decode.ts";

/** Lower envelope of the parabolas rooted at (i · step, f[i]), sampled at every i; scratch arrays hold n (roots) and n + 1 (borders) entries. */
function transformLine(f: Float64Array, step: number, out: Float64Array, roots: Int32Array, borders: Float64Array): void {
  const n = f.length;
  let last = -1;
  for (let q = 0; q < n; q++) {
    if (f[q] === Infinity) continue; // no parabola there
    let border = -Infinity;
    while (last >= 0) {
      const p = roots[last];
      // where the parabolas of p and q cross
      border = (f[q] - f[p] + step * step * (q * q - p * p)) / (2 * step * step * (q - p));
      if (border > borders[last]) break;
      last--;
      border = -Infinity;
    }
    roots[++last] = q;
    borders[last] = border;
    borders[last + 1] = Infinity;
  }
  if (last < 0) return void out.fill(Infinity);
  for (let q = 0, k = 0; q < n; q++) {
    while (borders[k + 1] < q) k++;
    const p = roots[k];
    out[q] = step * step * (q - p) * (q - p) + f[p];
  }
}

/**
 * Squared distance of every pixel centre to the nearest centre of a 0 pixel; 0 on those pixels, Infinity everywhere where there are none.
 * The border of the image is no background.
 * @param spacing [between rows, between columns], in the unit of the result
 * @returns [height, width]
 */
export function squaredDistances({ width, height, pixels }: Mask, spacing: readonly [number, number] = [1, 1]): Float64Array {
  const distances = Float64Array.from(pixels, (value) => (value ? Infinity : 0));
  const n = Math.max(width, height);
  const [roots, borders] = [new Int32Array(n), new Float64Array(n + 1)];
  const column = new Float64Array(height);
  const out = new Float64Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) column[y] = distances[y * width + x]!;
    transformLine(column, spacing[0], out, roots, borders);
    for (let y = 0; y < height; y++) distances[y * width + x] = out[y]!;
  }
  for (let y = 0; y < height; y++) {
    const row = distances.subarray(y * width, (y + 1) * width);
    transformLine(row.slice(), spacing[1], row, roots, borders);
  }
  return distances;
}
