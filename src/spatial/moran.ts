/**
 * @file Global Moran's I: are neighbouring cells alike?
 * Reference: Moran 1950, doi:10.1093/biomet/37.1-2.17; moments: Cliff & Ord 1981, Spatial Processes, eq. 1.44 and 2.22.
 */
import { adjacency, standardise, type Adjacency, type Grid, type Neighbourhood } from "./grid.ts";

/** Weight of a neighbour: "row" = 1 / the cell's number of neighbours, so that each cell counts the same; "binary" = 1. */
export type Weights = "row" | "binary";

/** Moran's I with its moments if the values were dealt out to the cells at random. */
export interface Moran {
  /** n/S0 · Σ w_ij z_i z_j / Σ z²; NaN for a constant map or no neighbours */
  i: number;
  /** -1 / (n - 1) */
  expected: number;
  /** under randomisation; NaN for fewer than 4 cells */
  variance: number;
  /** used cells */
  n: number;
}

/** Each pair of neighbours once, with w_ij + w_ji: what the sum of I runs over, and its permutations again and again. */
export interface Pairs {
  /** [pairs] numbers of used cells, first < second */
  first: Int32Array;
  second: Int32Array;
  weight: Float64Array;
  /** Σ w_ij */
  total: number;
}

/** Pairs of neighbours with their weights. */
export function pairsOf({ n, starts, neighbours }: Adjacency, weights: Weights): Pairs {
  const [first, second, weight]: number[][] = [[], [], []];
  const share = weightOf(starts, weights);
  for (let i = 0; i < n; i++)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = neighbours[k];
      if (j < i) continue;
      first.push(i);
      second.push(j);
      weight.push(share(i) + share(j));
    }
  const total = weight.reduce((sum, w) => sum + w, 0);
  return { first: Int32Array.from(first), second: Int32Array.from(second), weight: Float64Array.from(weight), total };
}

/** Weight that cell i gives to each of its neighbours. */
function weightOf(starts: Int32Array, weights: Weights): (i: number) => number {
  return (i) => (weights === "row" ? 1 / (starts[i + 1] - starts[i]) : 1);
}

/** Moran's I of z scores (mean 0, population variance 1): `Σ_pairs (w_ij + w_ji) z_i z_j / S0`. */
export function moranOf(z: Float64Array, { first, second, weight, total }: Pairs): number {
  let sum = 0;
  for (let k = 0; k < first.length; k++) sum += weight[k] * z[first[k]] * z[second[k]];
  return sum / total;
}

/** Moran's I of a map. For a p-value see moranPermutation. */
export function moran(grid: Grid, { neighbours, weights = "row" }: { neighbours: Neighbourhood; weights?: Weights }): Moran {
  const links = adjacency(grid, neighbours);
  const z = standardise(grid, links);
  const pairs = pairsOf(links, weights);
  const expected = -1 / (links.n - 1);
  if (!z) return { i: NaN, expected, variance: NaN, n: links.n };
  return { i: moranOf(z, pairs), expected, variance: randomisationVariance(z, links, pairs, weights), n: links.n };
}

/** Variance of I over all n! orders of the values: with S1 = ½ Σ (w_ij + w_ji)², S2 = Σ (w_i· + w_·i)² and kurtosis k. */
function randomisationVariance(z: Float64Array, { n, starts, neighbours }: Adjacency, pairs: Pairs, weights: Weights): number {
  if (n < 4) return NaN;
  const share = weightOf(starts, weights);
  const s0 = pairs.total;
  const s1 = pairs.weight.reduce((sum, w) => sum + w * w, 0);
  let s2 = 0;
  for (let i = 0; i < n; i++) {
    let both = 0; // w_i· + w_·i
    for (let k = starts[i]; k < starts[i + 1]; k++) both += share(i) + share(neighbours[k]);
    s2 += both * both;
  }
  const kurtosis = z.reduce((sum, value) => sum + value ** 4, 0) / n;
  const upper = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0) - kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0);
  return upper / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - 1 / (n - 1) ** 2;
}
