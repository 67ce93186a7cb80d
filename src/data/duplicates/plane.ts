/**
 * @file Small filters on planes of floats: area-true shrinking, Gaussian blur, and the locally normalised detail that images are compared by.
 */
import type { GreyImage } from "../../image/decode.ts";

/** Values row-major, [height, width]. */
export interface Plane {
  width: number;
  height: number;
  values: Float32Array;
}

/** For each target cell the source cells under it and how much of each, so that the weights of a target sum to 1. */
function coverage(from: number, to: number): { first: Int32Array; last: Int32Array; weights: Float32Array; most: number } {
  const step = from / to;
  const most = Math.ceil(step) + 1;
  const first = new Int32Array(to);
  const last = new Int32Array(to);
  const weights = new Float32Array(to * most);
  for (let i = 0; i < to; i++) {
    first[i] = Math.floor(i * step);
    last[i] = Math.min(from, Math.ceil((i + 1) * step - 1e-9));
    for (let k = first[i]; k < last[i]; k++)
      weights[i * most + k - first[i]] = (Math.min((i + 1) * step, k + 1) - Math.max(i * step, k)) / step;
  }
  return { first, last, weights, most };
}

/** Area average of the image in `width` × `height` cells, whatever its shape was. Where it has fewer pixels, pixels repeat. */
export function shrunk({ width: fromWidth, height: fromHeight, pixels }: GreyImage, width: number, height: number): Plane {
  const columns = coverage(fromWidth, width);
  const rows = coverage(fromHeight, height);
  const values = new Float32Array(width * height);
  const sums = new Float32Array(fromWidth);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let row = rows.first[y]; row < rows.last[y]; row++) {
      const weight = rows.weights[y * rows.most + row - rows.first[y]];
      const at = row * fromWidth;
      for (let x = 0; x < fromWidth; x++) sums[x] += weight * pixels[at + x];
    }
    for (let x = 0; x < width; x++) {
      let sum = 0;
      const start = columns.first[x];
      for (let k = start; k < columns.last[x]; k++) sum += columns.weights[x * columns.most + k - start] * sums[k];
      values[y * width + x] = sum;
    }
  }
  return { width, height, values };
}

/** Rounds to bytes. */
export function toBytes({ width, height, values }: Plane): GreyImage {
  return { width, height, pixels: Uint8Array.from(values, (value) => value + 0.5) };
}

/** The same levels as floats. */
export function toPlane({ width, height, pixels }: GreyImage): Plane {
  return { width, height, values: Float32Array.from(pixels) };
}

/** Gaussian blur, cut off at 2.5 sigma, the border repeated. */
export function blurred({ width, height, values }: Plane, sigma: number): Plane {
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float32Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const total = kernel.reduce((sum, value, i) => sum + (i ? 2 : 1) * value, 0);
  for (let i = 0; i <= radius; i++) kernel[i] /= total;
  // rows: each is copied into a line with its ends repeated
  const line = new Float32Array(Math.max(width, height) + 2 * radius);
  const across = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const at = y * width;
    line.fill(values[at], 0, radius);
    line.set(values.subarray(at, at + width), radius);
    line.fill(values[at + width - 1], radius + width, width + 2 * radius);
    for (let x = 0; x < width; x++) {
      const centre = x + radius;
      let sum = kernel[0] * line[centre];
      for (let k = 1; k <= radius; k++) sum += kernel[k] * (line[centre - k] + line[centre + k]);
      across[at + x] = sum;
    }
  }
  // columns: whole rows are added at a time, which reads memory in order
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const out = y * width;
    for (let x = 0; x < width; x++) result[out + x] = kernel[0] * across[out + x];
    for (let k = 1; k <= radius; k++) {
      const above = Math.max(0, y - k) * width;
      const below = Math.min(height - 1, y + k) * width;
      const weight = kernel[k];
      for (let x = 0; x < width; x++) result[out + x] += weight * (across[above + x] + across[below + x]);
    }
  }
  return { width, height, values: result };
}

/** Difference a - b of planes of one size. */
export function difference(a: Plane, b: Plane): Plane {
  return { ...a, values: a.values.map((value, i) => value - b.values[i]) };
}

/** Divides by the local standard deviation about 0 (Gaussian window), plus `floor` so that even areas stay quiet; cut off at ±`limit`. */
export function locallyScaled(plane: Plane, { sigma, floor, limit }: { sigma: number; floor: number; limit: number }): Plane {
  const power = blurred({ ...plane, values: plane.values.map((value) => value * value) }, sigma).values;
  return {
    ...plane,
    values: plane.values.map((value, i) => Math.max(-limit, Math.min(limit, value / (Math.sqrt(power[i]) + floor)))),
  };
}

/**
 * Detail of a thumbnail: speckle and fine texture, without the brightness of regions, gain, or depth compensation. Saturated
 * annotations are cut off at 2.5 local standard deviations, so that they weigh no more than tissue.
 */
export function detailOf(plane: Plane): Plane {
  return locallyScaled(difference(blurred(plane, 0.6), blurred(plane, 2.5)), { sigma: 5, floor: 1.5, limit: 2.5 });
}
