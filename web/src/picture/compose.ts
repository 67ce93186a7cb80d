/** @file Frame and map to the pixels of the canvas. Colour is for eyes: the map itself stays raw and on its native grid. */
import { quantile } from "../../../src/metrics/quantile.ts";
import { stepOf, type ColourMap } from "./colour-maps.ts";

/** Row-major values, [rows, columns]. */
export interface Grid {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}

export interface Look {
  colours: ColourMap;
  /** opacity of a saturated colour, 0–1; it falls to 0 with the map, so that the image stays readable where the map says nothing */
  opacity: number;
  /** |value| at which colours saturate */
  limit: number;
  /** show cells as squares instead of interpolating between their centres */
  native: boolean;
}

/** Share of |values| that a scale shows without saturating. */
const SHOWN = 0.99;

/** A fitting limit for a map on its own; 1 where all values are 0. */
export const limitOf = (values: ArrayLike<number>): number => quantile(Float64Array.from(values, Math.abs), SHOWN) || 1;

/** For each of `side` pixels: the cell before, the cell after, and the weight of the latter. */
function weights(cells: number, side: number, native: boolean): { low: Int32Array; high: Int32Array; share: Float64Array } {
  const low = new Int32Array(side);
  const high = new Int32Array(side);
  const share = new Float64Array(side);
  for (let i = 0; i < side; i++) {
    const at = ((i + 0.5) * cells) / side - 0.5;
    const before = native ? Math.floor(at + 0.5) : Math.floor(at);
    low[i] = Math.max(0, Math.min(cells - 1, before));
    high[i] = native ? low[i] : Math.max(0, Math.min(cells - 1, before + 1));
    share[i] = native ? 0 : at - before;
  }
  return { low, high, share };
}

/** Enlarges a grid to [side, side]: bilinear between cell centres, or square cells. */
export function enlarge({ rows, columns, values }: Grid, side: number, native: boolean): Float32Array {
  const y = weights(rows, side, native);
  const x = weights(columns, side, native);
  const out = new Float32Array(side * side);
  for (let i = 0; i < side; i++) {
    const [top, bottom, v] = [y.low[i] * columns, y.high[i] * columns, y.share[i]];
    for (let j = 0; j < side; j++) {
      const [left, right, u] = [x.low[j], x.high[j], x.share[j]];
      const above = values[top + left] * (1 - u) + values[top + right] * u;
      const below = values[bottom + left] * (1 - u) + values[bottom + right] * u;
      out[i * side + j] = above * (1 - v) + below * v;
    }
  }
  return out;
}

/**
 * Red, green, blue and alpha of the overlay, [side, side, 4].
 * @param frame grey 0–255, square
 */
export function compose(frame: Grid, map: Grid, { colours, opacity, limit, native }: Look, side: number): Uint8ClampedArray<ArrayBuffer> {
  const grey = enlarge(frame, side, false);
  const tint = enlarge(map, side, native);
  const out = new Uint8ClampedArray(side * side * 4);
  for (let p = 0; p < side * side; p++) {
    const strength = opacity * Math.min(1, Math.abs(tint[p]) / limit);
    const row = 3 * stepOf(colours.kind, tint[p], limit);
    for (let c = 0; c < 3; c++) out[4 * p + c] = grey[p] * (1 - strength) + colours.table[row + c] * strength;
    out[4 * p + 3] = 255;
  }
  return out;
}
