/**
 * @file Speckle phantoms of four hidden classes that differ by texture alone: how far speckle is correlated across and along the beam.
 * Fully developed speckle is the envelope of a circular complex Gaussian field, white noise filtered by the pulse; its one-point statistics
 * (Rayleigh) do not depend on the filter, so classes can share their grey levels. Here they share them exactly: every image's levels are set by
 * rank, before gain, attenuation with depth and an echo-poor blob, drawn alike for all classes, make images differ in what no class is about.
 * Reference: Wagner, Smith, Sandrik & Lopez 1983, "Statistics of speckle in ultrasound B-scans", IEEE Trans. Sonics Ultrason. 30(3):156–163.
 */
import { range, rngOf, type Rng } from "../util/rng.ts";

/** Standard deviations of the pulse's Gaussian in pixels: across the beam (columns) and along it (rows). */
export const textureClasses = [
  { name: "fine", across: 0.6, along: 0.6 },
  { name: "coarse", across: 1.2, along: 1.2 },
  { name: "wide", across: 1.3, along: 0.6 },
  { name: "deep", across: 0.6, along: 1.3 },
] as const;

export interface TexturePhantoms {
  size: number;
  /** [n, size, size] */
  pixels: Uint8Array;
  /** index into `textureClasses`, [n]; as many of each as can be */
  labels: Uint8Array;
}

/** Phantoms `first` … `first + n - 1` of a seed: phantom i is the same in every set that has it. */
export function texturePhantoms({
  seed,
  n,
  first = 0,
  size = 32,
}: {
  seed: number;
  n: number;
  first?: number;
  size?: number;
}): TexturePhantoms {
  const labels = Uint8Array.from({ length: n }, (_, i) => (first + i) % textureClasses.length);
  const pixels = new Uint8Array(n * size * size);
  for (const i of range(n)) pixels.set(phantom(rngOf(seed, "texture phantom", first + i), labels[i], size), i * size * size);
  return { size, pixels, labels };
}

/** Level of each rank, lowest first, mean about 1: square roots (a display's compression) of quantiles of the Rayleigh distribution. */
const levelsByRank = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, rank) => (-Math.log(1 - (rank + 0.5) / n)) ** 0.25 / 0.906);

function phantom(rng: Rng, label: number, size: number): Uint8ClampedArray {
  const { across, along } = textureClasses[label];
  const [real, imaginary] = [0, 1].map(() => {
    const white = Float64Array.from({ length: size * size }, () => rng.normal());
    return smoothed(smoothed(white, { size, stride: 1, sigma: across }), { size, stride: size, sigma: along });
  });
  const power = real.map((value, i) => value ** 2 + imaginary[i] ** 2);
  const ranks = range(power.length).sort((a, b) => power[a] - power[b]);
  const brightness = drawBrightness(rng, size);
  const pixels = new Uint8ClampedArray(power.length);
  levelsByRank(power.length).forEach((level, rank) => {
    const at = ranks[rank];
    pixels[at] = level * brightness(Math.floor(at / size), at % size);
  });
  return pixels;
}

/** Convolves every line with a Gaussian; lines are rings, so that edges look like the rest. */
function smoothed(
  values: Float64Array<ArrayBuffer>,
  { size, stride, sigma }: { size: number; stride: number; sigma: number },
): Float64Array<ArrayBuffer> {
  const reach = Math.ceil(3 * sigma);
  const weights = range(2 * reach + 1).map((k) => Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)));
  return values.map((_, i) => {
    const at = Math.floor(i / stride) % size;
    return weights.reduce((sum, weight, k) => sum + weight * values[i + (((at + k - reach + size) % size) - at) * stride], 0);
  });
}

/** Mean grey level at a row and a column, whatever the class: gain, loss with depth, and a Gaussian dip. */
function drawBrightness(rng: Rng, size: number): (row: number, column: number) => number {
  const between = (low: number, high: number) => low + (high - low) * rng.next();
  const gain = between(80, 110);
  const loss = between(0, 0.4);
  const blob = {
    row: between(0.2, 0.8),
    column: between(0.2, 0.8),
    tall: between(0.1, 0.25),
    broad: between(0.1, 0.25),
    missing: between(0.1, 0.5),
  };
  return (row, column) => {
    const [v, u] = [(row + 0.5) / size, (column + 0.5) / size];
    const squared = ((v - blob.row) / blob.tall) ** 2 + ((u - blob.column) / blob.broad) ** 2;
    return gain * Math.exp(-loss * v) * (1 - blob.missing * Math.exp(-squared / 2));
  };
}
