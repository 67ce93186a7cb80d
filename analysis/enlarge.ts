/** @file Enlarges grids for eyes. Statistics never see the result: interpolated cells are not independent. */

/** Bilinear, half-pixel centres, edges held. @param values [rows, columns] @returns [side, side] */
export function enlarge(values: ArrayLike<number>, rows: number, columns: number, side: number): Float32Array {
  const out = new Float32Array(side * side);
  const [ys, xs] = [samples(rows, side), samples(columns, side)];
  for (let y = 0; y < side; y++) {
    const [y0, y1, fy] = ys[y];
    for (let x = 0; x < side; x++) {
      const [x0, x1, fx] = xs[x];
      const top = values[y0 * columns + x0] * (1 - fx) + values[y0 * columns + x1] * fx;
      const bottom = values[y1 * columns + x0] * (1 - fx) + values[y1 * columns + x1] * fx;
      out[y * side + x] = top * (1 - fy) + bottom * fy;
    }
  }
  return out;
}

/** For each of `side` samples: the two cells around it and how far it is towards the second. */
function samples(cells: number, side: number): [number, number, number][] {
  return Array.from({ length: side }, (_, i) => {
    const at = Math.max(0, Math.min(cells - 1, ((i + 0.5) * cells) / side - 0.5));
    const low = Math.floor(at);
    return [low, Math.min(low + 1, cells - 1), at - low];
  });
}
