/**
 * @file Speckle as a scanner shows it, for tests: log-compressed power of circular Gaussian noise, blurred by a beam that is wider than deep,
 * averaged over views from several angles.
 * Reference: Wagner, Smith, Sandrik & Lopez 1983, "Statistics of speckle in ultrasound B-scans", IEEE Trans. Sonics Ultrason. 30(3):156–163.
 */
import type { GreyImage } from "../image/decode.ts";
import { encodeGreyPng } from "../image/encode.ts";
import { range, rngOf, type Rng } from "../util/rng.ts";

const VIEWS = 4;
/** Grey levels for a factor of two in power: about 60 dB on 255 levels. */
const OCTAVE = 12;

/** Means over `2·reach + 1` values along lines of `length` values that lie `stride` apart; shorter at the ends. */
function boxMeans(values: Float64Array<ArrayBuffer>, stride: number, length: number, reach: number): Float64Array<ArrayBuffer> {
  return values.map((_, i) => {
    const at = Math.floor(i / stride) % length;
    const [from, to] = [Math.max(-reach, -at), Math.min(reach, length - 1 - at)];
    let sum = 0;
    for (let k = from; k <= to; k++) sum += values[i + k * stride];
    return sum / (to - from + 1);
  });
}

/** Grey speckle of level about 90 that changes over 5 pixels across the beam and 3 along it, [height, width]. */
export function speckle(width: number, height: number, rng: Rng): GreyImage {
  const power = new Float64Array(width * height);
  // real and imaginary part of each view; two box filters make a triangle
  for (const _ of range(2 * VIEWS)) {
    let field = Float64Array.from({ length: width * height }, () => rng.normal());
    for (const reach of [2, 2]) field = boxMeans(field, 1, width, reach);
    for (const reach of [1, 1]) field = boxMeans(field, width, height, reach);
    field.forEach((value, i) => (power[i] += value * value));
  }
  const mean = power.reduce((sum, value) => sum + value, 0) / power.length;
  const pixels = Uint8Array.from(power, (value) => Math.max(1, Math.min(255, 90 + OCTAVE * Math.log2(value / mean))));
  return { width, height, pixels };
}

/** A PNG of speckle; two seeds share nothing. */
export const specklePng = (seed: number, width = 200, height = 160): Promise<Buffer> =>
  encodeGreyPng(speckle(width, height, rngOf(seed, "speckle")));
