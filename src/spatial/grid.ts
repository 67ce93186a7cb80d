/**
 * @file A map on a grid of cells, and which cells are neighbours. Statistics run on the cells of the map's own resolution: an upsampled map is
 * autocorrelated by construction (see type-one.test.ts).
 */

/** Values in row-major order; a cell whose mask is 0 (outside the field of view) is no cell: no value, no neighbour, not counted. */
export interface Grid {
  /** [rows · columns] */
  values: ArrayLike<number>;
  rows: number;
  columns: number;
  /** [rows · columns], 0 = not used; absent = all are used */
  mask?: ArrayLike<number>;
}

/** Neighbours of a cell: rook = 4, queen = 8, or the steps (rows, columns) themselves; of a step its opposite must be there too. */
export type Neighbourhood = "rook" | "queen" | readonly (readonly [number, number])[];

/** The steps to all cells within `distance` of a cell, itself not: 1 = rook, 1.5 = queen, 2 = 12 neighbours. */
export function stepsWithin(distance: number): [number, number][] {
  const reach = Math.floor(distance);
  const line = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return line
    .flatMap((row) => line.map((column): [number, number] => [row, column]))
    .filter(([r, c]) => (r || c) && Math.hypot(r, c) <= distance);
}

/** Who is next to whom, in numbers of used cells: 0 … n-1 in row-major order. */
export interface Adjacency {
  /** number of used cells */
  n: number;
  /** [n], position of each used cell in the grid */
  cells: Int32Array;
  /** [n + 1], the neighbours of cell i are `neighbours[starts[i] … starts[i + 1] - 1]` */
  starts: Int32Array;
  neighbours: Int32Array;
}

/** The used cells of a grid and their neighbours. Cost and memory grow with cells × steps. */
export function adjacency({ values, rows, columns, mask }: Grid, neighbourhood: Neighbourhood): Adjacency {
  const size = rows * columns;
  if (values.length !== size) throw new RangeError(`adjacency: a ${rows}×${columns} grid needs ${size} values, got ${values.length}`);
  if (mask && mask.length !== size)
    throw new RangeError(`adjacency: a ${rows}×${columns} grid needs a mask of ${size}, got ${mask.length}`);
  const steps = neighbourhood === "rook" ? stepsWithin(1) : neighbourhood === "queen" ? stepsWithin(1.5) : neighbourhood;
  const number = new Int32Array(size).fill(-1);
  const cells: number[] = [];
  for (let at = 0; at < size; at++) {
    if (mask && !mask[at]) continue;
    if (!Number.isFinite(values[at]))
      throw new RangeError(
        `adjacency: used cells must be finite, got ${values[at]} at row ${Math.floor(at / columns)}, column ${at % columns}`,
      );
    number[at] = cells.push(at) - 1;
  }
  const starts = [0];
  const neighbours: number[] = [];
  for (const at of cells) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    for (const [down, right] of steps) {
      const [r, c] = [row + down, column + right];
      if (r < 0 || r >= rows || c < 0 || c >= columns) continue;
      const other = number[r * columns + c];
      if (other >= 0) neighbours.push(other);
    }
    starts.push(neighbours.length);
  }
  return { n: cells.length, cells: Int32Array.from(cells), starts: Int32Array.from(starts), neighbours: Int32Array.from(neighbours) };
}

/**
 * The used cells' values as z scores (population standard deviation): every statistic here is the same for a·y + b, a > 0.
 * @returns [n], or undefined for a constant map: its spread is not more than rounding, and no statistic is defined
 */
export function standardise({ values }: Grid, { n, cells }: Adjacency): Float64Array | undefined {
  const y = Float64Array.from(cells, (at) => values[at]);
  let [least, most] = [Infinity, -Infinity];
  for (const value of y) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(most - least > 1e-12 * Math.max(Math.abs(least), Math.abs(most)))) return undefined;
  // two passes: a one-pass variance loses the map where its mean is large
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const spread = Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  return y.map((value) => (value - mean) / spread);
}
