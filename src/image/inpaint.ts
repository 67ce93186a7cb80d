/**
 * @file Fills flagged pixels with the harmonic function that takes the values around them: nothing is invented, only smoothed across.
 * Reference: Chan & Shen 2001, "Mathematical models for local nontexture inpaintings", SIAM J. Appl. Math. 62(3):1019–1043, §2 (Laplace's
 * equation); Young 1954, Trans. Amer. Math. Soc. 76:92–111 (successive over-relaxation and its best factor).
 */
import type { GreyImage, Mask } from "./decode.ts";
import { squaredDistances } from "./distance.ts";

/** Sweeps end when no pixel moves by more, in grey levels: a tenth of what rounding takes away. */
const TOLERANCE = 0.05;

/** Indices of the up to four pixels beside each flagged one, -1 where the image ends, [flagged, 4]. */
function neighboursOf(flagged: Int32Array, width: number, height: number): Int32Array {
  const out = new Int32Array(flagged.length * 4).fill(-1);
  flagged.forEach((i, k) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x > 0) out[4 * k] = i - 1;
    if (x < width - 1) out[4 * k + 1] = i + 1;
    if (y > 0) out[4 * k + 2] = i - width;
    if (y < height - 1) out[4 * k + 3] = i + width;
  });
  return out;
}

/**
 * A copy of the image whose flagged pixels are each the mean of their neighbours; at the image's border those that exist.
 * Where everything is flagged, nothing is known, and the copy is equal.
 */
export function inpaint({ width, height, pixels }: GreyImage, mask: Mask): GreyImage {
  if (mask.width !== width || mask.height !== height)
    throw new RangeError(`inpaint: the mask must have the image's size, ${width} × ${height}, got ${mask.width} × ${mask.height}`);
  const flagged = Int32Array.from(mask.pixels.keys()).filter((i) => mask.pixels[i] > 0);
  if (flagged.length === 0 || flagged.length === pixels.length) return { width, height, pixels: pixels.slice() };
  const distances = squaredDistances(mask);
  const depth = Math.sqrt(flagged.reduce((most, i) => Math.max(most, distances[i]), 0));
  // the best factor of a square 2·depth wide; pixels near known ones go first, so that the first sweep starts from them
  const factor = 2 / (1 + Math.sin(Math.PI / (2 * depth + 1)));
  flagged.sort((a, b) => distances[a] - distances[b] || a - b);
  const neighbours = neighboursOf(flagged, width, height);
  const values = Float64Array.from(pixels);
  for (let moved = Infinity; moved > TOLERANCE;) {
    moved = 0;
    for (let k = 0; k < flagged.length; k++) {
      let [sum, count] = [0, 0];
      for (let n = 4 * k; n < 4 * k + 4; n++)
        if (neighbours[n] >= 0) {
          sum += values[neighbours[n]];
          count++;
        }
      const move = factor * (sum / count - values[flagged[k]]);
      values[flagged[k]] += move;
      moved = Math.max(moved, Math.abs(move));
    }
  }
  return { width, height, pixels: Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, value)))) };
}
