/**
 * @file Fills flagged pixels with the harmonic function that takes the values around them: nothing is invented, only smoothed across.
 * Reference: Chan & Shen 2001, "Mathematical models for local nontexture inpaintings", SIAM J. Appl. Math. 62(3):1019–1043, §2 (Laplace's
 * equation); Young 1954, Trans. Amer. Math. Soc. 76:92–111 (successive over-relaxation and its best factor).
 */
import type { GreyImage, Mask } from "./decode.ts";

/** Sweeps end when no pixel moves by more, in grey levels: a tenth of what rounding takes away. */
const TOLERANCE = 0.05;

interface Flagged {
  /** indices of the flagged pixels, from the known ones inwards */
  pixels: Int32Array;
  /** indices of the up to four pixels beside each, -1 where the image ends, [pixels, 4] */
  neighbours: Int32Array;
  /** layers until the innermost pixel */
  depth: number;
}

/** Walks from the known pixels inwards and gives each flagged pixel the mean of those before it. */
function fillInwards({ width, height, pixels: flags }: Mask, values: Float64Array): Flagged {
  const around = (i: number): number[] => {
    const x = i % width;
    return [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width < width * height ? i + width : -1];
  };
  const known = flags.map((value) => 1 - value);
  const order: number[] = [];
  const neighbours: number[] = [];
  let layer: number[] = [];
  for (let i = 0; i < flags.length; i++) if (flags[i] && around(i).some((n) => n >= 0 && known[n])) layer.push(i);
  let depth = 0;
  for (; layer.length > 0; depth++) {
    const next = new Set<number>();
    for (const i of layer) {
      const beside = around(i);
      const before = beside.filter((n) => n >= 0 && known[n]);
      values[i] = before.reduce((sum, n) => sum + values[n], 0) / before.length;
      order.push(i);
      neighbours.push(...beside.map((n) => Math.max(n, -1)));
    }
    for (const i of layer) known[i] = 1;
    for (const i of layer) for (const n of around(i)) if (n >= 0 && !known[n]) next.add(n);
    layer = [...next];
  }
  return { pixels: Int32Array.from(order), neighbours: Int32Array.from(neighbours), depth };
}

/**
 * A copy of the image whose flagged pixels are each the mean of their neighbours; at the image's border of those that exist.
 * Where everything is flagged, nothing is known, and the copy is equal.
 */
export function inpaint({ width, height, pixels }: GreyImage, mask: Mask): GreyImage {
  if (mask.width !== width || mask.height !== height)
    throw new RangeError(`inpaint: the mask must have the image's size, ${width} × ${height}, got ${mask.width} × ${mask.height}`);
  const values = Float64Array.from(pixels);
  const { pixels: flagged, neighbours, depth } = fillInwards(mask, values);
  if (flagged.length === 0) return { width, height, pixels: pixels.slice() };
  // the best factor of a square that is 2·depth wide
  const factor = 2 / (1 + Math.sin(Math.PI / (2 * depth + 1)));
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
  const filled = pixels.slice();
  for (const i of flagged) filled[i] = Math.round(Math.min(255, Math.max(0, values[i])));
  return { width, height, pixels: filled };
}
