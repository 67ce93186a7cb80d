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
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = values[i] + 0.5;
  return { width, height, pixels };
}

/** The same levels as floats. */
export function toPlane({ width, height, pixels }: GreyImage): Plane {
  return { width, height, values: new Float32Array(pixels) };
}

/**
 * Averages `from` over a window of `radius` whole cells to each side and `edge` (0 … 1) of the next; cells whose window leaves the line are lost,
 * so `to` is shorter by radius + 1 at each end.
 * Reference: Gwosdek et al. 2011, "Theoretical foundations of Gaussian convolution by extended box filtering", doi:10.1007/978-3-642-24785-9_38.
 */
function box(from: Float64Array, to: Float64Array, length: number, radius: number, edge: number): void {
  const weight = 1 / (2 * (radius + edge) + 1);
  const reach = 2 * radius + 2;
  let sum = 0;
  for (let k = 1; k < reach; k++) sum += from[k];
  for (let i = 0; i < length - reach; i++) {
    to[i] = weight * (sum + edge * (from[i] + from[i + reach]));
    sum += from[i + reach] - from[i + 1];
  }
}

/** Gaussian blur by three boxes along each axis, the border repeated; what it costs does not depend on sigma. */
export function blurred({ width, height, values }: Plane, sigma: number): Plane {
  // three boxes have the variance of the Gaussian: the whole cells first, and the edge makes up the rest
  const radius = Math.floor(0.5 * Math.sqrt(4 * sigma ** 2 + 1) - 0.5);
  const edge = ((2 * radius + 1) * (radius * (radius + 1) - sigma ** 2)) / (2 * (sigma ** 2 - 3 * (radius + 1) ** 2));
  const margin = 3 * (radius + 1);
  const line = new Float64Array(Math.max(width, height) + 2 * margin);
  const other = new Float64Array(line.length);
  const result = values.slice();
  const along = (start: number, step: number, length: number) => {
    line.fill(result[start], 0, margin);
    for (let i = 0; i < length; i++) line[margin + i] = result[start + i * step];
    line.fill(result[start + (length - 1) * step], margin + length, length + 2 * margin);
    box(line, other, length + 2 * margin, radius, edge);
    box(other, line, length + 4 * (radius + 1), radius, edge);
    box(line, other, length + 2 * (radius + 1), radius, edge);
    for (let i = 0; i < length; i++) result[start + i * step] = other[i];
  };
  for (let y = 0; y < height; y++) along(y * width, 1, width);
  for (let x = 0; x < width; x++) along(x, width, height);
  return { width, height, values: result };
}

/** Difference a - b of planes of one size. */
export function difference(a: Plane, b: Plane): Plane {
  return { ...a, values: a.values.map((value, i) => value - b.values[i]) };
}

/** Divides by the local standard deviation about 0 (Gaussian window), plus `floor` so that even areas stay quiet; cut off at ±`limit`. */
export function locallyScaled(plane: Plane, { sigma, floor, limit }: { sigma: number; floor: number; limit: number }): Plane {
  // the running sums of a blur may leave a trace below 0 where all is black
  const power = blurred({ ...plane, values: plane.values.map((value) => value * value) }, sigma).values;
  return {
    ...plane,
    values: plane.values.map((value, i) => Math.max(-limit, Math.min(limit, value / (Math.sqrt(Math.max(0, power[i])) + floor)))),
  };
}

/** Every two by two values averaged; an odd last row or column is dropped. */
export function halved({ width, height, values }: Plane): Plane {
  const half: Plane = { width: width >> 1, height: height >> 1, values: new Float32Array((width >> 1) * (height >> 1)) };
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++) {
      const i = 2 * y * width + 2 * x;
      half.values[y * half.width + x] = (values[i] + values[i + 1] + values[i + width] + values[i + width + 1]) / 4;
    }
  return half;
}

/**
 * A band pass, cut off at 2.5 local standard deviations, so that saturated annotations weigh no more than tissue. It is 0 in and beside solid
 * black, which means "not compared": the outline of a fan and a machine's text on black are alike in all images of that machine.
 */
function band(plane: Plane, inner: number, outer: number): Plane {
  const detail = locallyScaled(difference(blurred(plane, inner), blurred(plane, outer)), { sigma: 2 * outer, floor: 1.5, limit: 2.5 });
  const where = (test: (value: number) => boolean, { values }: Plane): Plane => ({
    ...plane,
    values: values.map((value) => (test(value) ? 1 : 0)),
  });
  const solid = where(
    (share) => share > 0.6,
    blurred(
      where((level) => level <= BLACK, plane),
      outer,
    ),
  );
  const beside = blurred(solid, outer).values;
  for (let i = 0; i < beside.length; i++) if (beside[i] > 0.02) detail.values[i] = 0;
  return detail;
}

/** Grey levels up to this are black; compression leaves traces around text. */
const BLACK = 3;

/**
 * Texture and speckle of a thumbnail, without the brightness of regions, gain, or depth compensation: it agrees in copies of one frame only, and
 * only when they are laid exactly.
 */
export const fineDetail = (thumb: Plane): Plane => band(thumb, 0.6, 2.5);

/** Edges and layers of a thumbnail at half its size: they forgive a map that is a few pixels off, and lead to the exact one. */
export const softDetail = (thumb: Plane): Plane => band(halved(thumb), 0.75, 3);
