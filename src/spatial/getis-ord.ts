/**
 * @file Local Getis-Ord Gi*: where do high (or low) values gather?
 * Reference: Getis & Ord 1992, doi:10.1111/j.1538-4632.1992.tb00261.x; Ord & Getis 1995, doi:10.1111/j.1538-4632.1995.tb00912.x, eq. 5 (z form).
 */
import { adjacency, standardise, type Adjacency, type Grid, type Neighbourhood } from "./grid.ts";

/** Sum over the neighbours of each used cell, without the cell itself: [n] of [n]. */
export function neighbourSums(z: Float64Array, { n, starts, neighbours }: Adjacency): Float64Array {
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let k = starts[i]; k < starts[i + 1]; k++) sums[i] += z[neighbours[k]];
  return sums;
}

/**
 * z of Gi* with weight 1 for the cell itself and for each neighbour: `(Σ w y - W ȳ) / (s √((n W - W²) / (n - 1)))`, W = neighbours + 1,
 * s with divisor n. Its sign is that of the local sum about the mean (esda's is wrong where Σ y < 0, because it standardises a ratio).
 * @returns [rows · columns]; NaN in unused cells, in a constant map, and where a cell's neighbourhood is the whole map
 */
export function getisOrdStar(grid: Grid, neighbourhood: Neighbourhood): Float64Array {
  const links = adjacency(grid, neighbourhood);
  const scores = new Float64Array(grid.rows * grid.columns).fill(NaN);
  const z = standardise(grid, links);
  if (!z) return scores;
  const sums = neighbourSums(z, links);
  const { n, cells, starts } = links;
  for (let i = 0; i < n; i++) {
    const w = starts[i + 1] - starts[i] + 1;
    if (w < n) scores[cells[i]] = (sums[i] + z[i]) / Math.sqrt((n * w - w * w) / (n - 1));
  }
  return scores;
}
