/**
 * @file Keypoints of a thumbnail and 64-bit descriptors of what surrounds each, which survive cropping, scaling, gain and annotations elsewhere.
 * Reference: Lowe 2004, "Distinctive image features from scale-invariant keypoints", doi:10.1023/B:VISI.0000029664.99615.94, §3 (extrema of
 * differences of Gaussians); Charikar 2002, doi:10.1145/509907.509965 (signs of random projections; here of a Hadamard transform with random signs).
 */
import { blurred, difference, locallyScaled, type Plane } from "./plane.ts";

/** n points; x and y in thumbnail pixels, sigma the radius of the blob there. */
export interface Keypoints {
  n: number;
  x: Float32Array;
  y: Float32Array;
  sigma: Float32Array;
  /** two words a point, [n, 2] */
  bits: Uint32Array;
}

export const noKeypoints: Keypoints = {
  n: 0,
  x: new Float32Array(),
  y: new Float32Array(),
  sigma: new Float32Array(),
  bits: new Uint32Array(),
};

const firstSigma = 1.6;
const step = Math.SQRT2;
const levels = 5;
const mostPoints = 80;
/** Samples a side, and their distance in sigmas. */
const side = 8;
const spacing = 1.6;

/** Smoothings of the thumbnail at sigma = firstSigma · step^k, k = 0 … levels. */
export function smoothings(thumb: Plane): Plane[] {
  const flat = locallyScaled(difference(thumb, blurred(thumb, 8)), { sigma: 8, floor: 3, limit: 2.5 });
  const planes = [blurred(flat, firstSigma)];
  for (let k = 1; k <= levels; k++) planes.push(blurred(planes[k - 1], firstSigma * step ** (k - 1))); // σ² adds up: step² = 2
  return planes;
}

/** Offset of the extremum of a parabola through three equidistant values, within ± 0.5. */
function peak(before: number, at: number, after: number): number {
  const bend = before - 2 * at + after;
  return bend === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}

interface Blob {
  x: number;
  y: number;
  sigma: number;
  strength: number;
}

/** Local extrema of differences of neighbouring smoothings in x, y and scale. */
function blobsOf(planes: readonly Plane[]): Blob[] {
  const { width, height } = planes[0];
  const bands = planes.slice(1).map((plane, k) => difference(plane, planes[k]).values);
  const found: Blob[] = [];
  const near = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  for (let k = 1; k < bands.length - 1; k++) {
    const [below, band, above] = [bands[k - 1], bands[k], bands[k + 1]];
    for (let y = 2; y < height - 2; y++)
      for (let x = 2; x < width - 2; x++) {
        const i = y * width + x;
        const value = band[i];
        if (Math.abs(value) < 0.03) continue;
        const sign = Math.sign(value);
        let extreme = sign * below[i] < sign * value && sign * above[i] < sign * value;
        for (let q = 0; q < 8 && extreme; q++)
          extreme =
            sign * band[i + near[q]] < sign * value && sign * below[i + near[q]] < sign * value && sign * above[i + near[q]] < sign * value;
        if (!extreme) continue;
        found.push({
          x: x + peak(band[i - 1], value, band[i + 1]),
          y: y + peak(band[i - width], value, band[i + width]),
          sigma: firstSigma * step ** (k + 0.5 + peak(below[i], value, above[i])),
          strength: Math.abs(value),
        });
      }
  }
  return found.sort((a, b) => b.strength - a.strength).slice(0, mostPoints);
}

/** ±1 by index, from the bits of a multiplicative hash: a fixed pattern without a seed. */
const signs = Array.from({ length: 2 }, (_, round) =>
  Float32Array.from({ length: side * side }, (__, i) => ((Math.imul(i + 1 + 64 * round, 0x9e3779b1) >>> 17) & 1 ? 1 : -1)),
);

/** Fast Walsh–Hadamard transform in place. */
function hadamard(values: Float32Array): void {
  for (let half = 1; half < values.length; half *= 2)
    for (let start = 0; start < values.length; start += 2 * half)
      for (let i = start; i < start + half; i++) {
        const [a, b] = [values[i], values[i + half]];
        values[i] = a + b;
        values[i + half] = a - b;
      }
}

/** What every blob has in common, its own shape: removed, or all descriptors would agree in it. Zero mean, unit norm. */
const commonShape = (() => {
  const shape = Float32Array.from({ length: side * side }, (_, i) => {
    const dx = ((i % side) - (side - 1) / 2) * spacing;
    const dy = (Math.floor(i / side) - (side - 1) / 2) * spacing;
    return Math.exp(-(dx * dx + dy * dy) / 6);
  });
  const mean = shape.reduce((sum, value) => sum + value, 0) / shape.length;
  const norm = Math.hypot(...shape.map((value) => value - mean));
  return shape.map((value) => (value - mean) / norm);
})();

function bilinear({ width, height, values }: Plane, x: number, y: number): number {
  if (x < 0 || y < 0 || x > width - 1 || y > height - 1) return 0; // the local mean
  const [left, top] = [Math.min(Math.floor(x), width - 2), Math.min(Math.floor(y), height - 2)];
  const [u, v] = [x - left, y - top];
  const i = top * width + left;
  return (1 - v) * ((1 - u) * values[i] + u * values[i + 1]) + v * ((1 - u) * values[i + width] + u * values[i + width + 1]);
}

/** Descriptors of points, [n, 2]; of the picture seen through a linear map, row by row, where one is given. */
export function describePoints(
  planes: readonly Plane[],
  points: Pick<Keypoints, "n" | "x" | "y" | "sigma">,
  [xx, xy, yx, yy]: readonly number[] = [1, 0, 0, 1],
): Uint32Array {
  const bits = new Uint32Array(2 * points.n);
  const patch = new Float32Array(side * side);
  for (let p = 0; p < points.n; p++) {
    const sigma = points.sigma[p];
    const plane = planes[Math.max(0, Math.min(levels, Math.round(Math.log(sigma / firstSigma) / Math.log(step))))];
    let mean = 0;
    for (let i = 0; i < patch.length; i++) {
      const dx = ((i % side) - (side - 1) / 2) * spacing * sigma;
      const dy = (Math.floor(i / side) - (side - 1) / 2) * spacing * sigma;
      patch[i] = bilinear(plane, points.x[p] + xx * dx + xy * dy, points.y[p] + yx * dx + yy * dy);
      mean += patch[i] / patch.length;
    }
    const common = patch.reduce((sum, value, i) => sum + value * commonShape[i], 0);
    for (const [round, pattern] of signs.entries()) {
      for (let i = 0; i < patch.length; i++) patch[i] = (round ? patch[i] : patch[i] - mean - common * commonShape[i]) * pattern[i];
      hadamard(patch);
    }
    for (let i = 0; i < patch.length; i++) if (patch[i] > 0) bits[2 * p + (i >> 5)] |= 1 << (i & 31);
  }
  return bits;
}

/** The strongest blobs of a thumbnail, at most 80, with upright descriptors. */
export function keypointsOf(thumb: Plane): Keypoints {
  const planes = smoothings(thumb);
  const blobs = blobsOf(planes);
  const points = {
    n: blobs.length,
    x: Float32Array.from(blobs, ({ x }) => x),
    y: Float32Array.from(blobs, ({ y }) => y),
    sigma: Float32Array.from(blobs, ({ sigma }) => sigma),
  };
  return { ...points, bits: describePoints(planes, points) };
}
