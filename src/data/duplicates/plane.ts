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

/**
 * A line averaged over a window of `radius` whole cells to each side and `edge` (0 … 1) of the next, the ends repeated.
 * Reference: Gwosdek et al. 2011, "Theoretical foundations of Gaussian convolution by extended box filtering", doi:10.1007/978-3-642-24785-9_38.
 */
function boxAlong(
  values: Float32Array,
  out: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
  edge: number,
): void {
  const last = start + (length - 1) * step;
  const weight = 1 / (2 * (radius + edge) + 1);
  let sum = 0;
  for (let k = -radius; k <= radius; k++) sum += values[start + Math.max(0, Math.min(length - 1, k)) * step];
  for (let i = 0; i < length; i++) {
    const ahead = i + radius + 1 < length ? values[start + (i + radius + 1) * step] : values[last];
    const behind = i > radius ? values[start + (i - radius - 1) * step] : values[start];
    out[start + i * step] = weight * (sum + edge * (ahead + behind));
    sum += ahead - (i >= radius ? values[start + (i - radius) * step] : values[start]);
  }
}

/** Gaussian blur by three box averages along each axis, the border repeated; within 3 % of the Gaussian's peak, at a cost that sigma does not change. */
export function blurred({ width, height, values }: Plane, sigma: number): Plane {
  // three boxes of half-width r + edge have the variance of the Gaussian: their sum's variance is solved for the edge
  const radius = Math.floor(0.5 * Math.sqrt(4 * sigma ** 2 + 1) - 0.5);
  const edge = ((2 * radius + 1) * (radius * (radius + 1) - sigma ** 2)) / (2 * (sigma ** 2 - 3 * (radius + 1) ** 2));
  let [from, to] = [values.slice(), new Float32Array(values.length)];
  for (let pass = 0; pass < 3; pass++, [from, to] = [to, from])
    for (let y = 0; y < height; y++) boxAlong(from, to, y * width, 1, width, radius, edge);
  for (let pass = 0; pass < 3; pass++, [from, to] = [to, from])
    for (let x = 0; x < width; x++) boxAlong(from, to, x, width, height, radius, edge);
  return { width, height, values: from };
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

/** What thumbnails are compared by. Both are without the brightness of regions, gain, or depth compensation. */
export interface Detail {
  /** texture and speckle: 0.6–2.5 pixels; agrees in copies of one frame only, and only when laid exactly */
  fine: Plane;
  /** edges and layers: 1.5–6 pixels; forgives a map that is a few pixels off, and leads to the exact one */
  soft: Plane;
}

/** Band passes, cut off at 2.5 local standard deviations, so that saturated annotations weigh no more than tissue. */
export function detailOf(thumb: Plane): Detail {
  const band = (inner: number, outer: number) =>
    locallyScaled(difference(blurred(thumb, inner), blurred(thumb, outer)), { sigma: 2 * outer, floor: 1.5, limit: 2.5 });
  return { fine: band(0.6, 2.5), soft: band(1.5, 6) };
}
