/**
 * @file P-values of spatial statistics by permutation of native cells: the values dealt out anew over the used cells.
 * Valid where cells are exchangeable under the null; an upsampled or smoothed map's are not.
 * Reference: Anselin 1995, doi:10.1111/j.1538-4632.1995.tb00338.x (conditional permutation); Phipson & Smyth 2010, doi:10.2202/1544-6115.1585.
 */
import { doubledTail, permutationTails, type Tails } from "../metrics/p-values.ts";
import { shuffle, type Rng } from "../util/rng.ts";
import { neighbourSums } from "./getis-ord.ts";
import { adjacency, standardise, type Grid, type Neighbourhood } from "./grid.ts";
import { moranOf, pairsOf, type Weights } from "./moran.ts";

/** z scores and sums of them tie within this. */
const TIE = 1e-9;

export interface MoranPermutation extends Tails {
  /** Moran's I; NaN for a constant map */
  i: number;
  /** two-sided: twice the smaller tail, because the distribution of I is skewed; 1 for a constant map */
  p: number;
}

/**
 * Moran's I with its permutation p. Exact, without the rng, where the cells have at most `permutations` + 1 orders.
 * @returns `greater` = p of "neighbours are alike" if that was the question beforehand
 */
export function moranPermutation(
  grid: Grid,
  { neighbours, weights = "row", permutations, rng }: { neighbours: Neighbourhood; weights?: Weights; permutations: number; rng: Rng },
): MoranPermutation {
  const links = adjacency(grid, neighbours);
  const z = standardise(grid, links);
  const pairs = pairsOf(links, weights);
  if (!z || pairs.total === 0) return { i: NaN, p: 1, greater: 1, less: 1 };
  const i = moranOf(z, pairs);
  const exact = factorial(links.n) <= permutations + 1;
  const simulated = new Float64Array(exact ? factorial(links.n) : permutations);
  let r = 0;
  if (exact) for (const dealt of orders(z.slice())) simulated[r++] = moranOf(dealt, pairs);
  else for (const dealt = z.slice(); r < permutations;) simulated[r++] = moranOf(shuffle(dealt, rng), pairs);
  const tails = permutationTails(i, simulated, { exact, tolerance: TIE });
  return { i, p: doubledTail(tails), ...tails };
}

/** n!, Infinity from 171 on. */
const factorial = (n: number): number => (n < 2 ? 1 : n > 170 ? Infinity : n * factorial(n - 1));

/** All n! orders of `items`, in place, the given one first. Reference: Heap 1963, doi:10.1093/comjnl/6.3.293. */
export function* orders(items: Float64Array): Generator<Float64Array> {
  yield items;
  const counts = new Int32Array(items.length);
  for (let k = 1; k < items.length;)
    if (counts[k]! < k) {
      const other = k % 2 ? counts[k]! : 0;
      [items[other], items[k]] = [items[k]!, items[other]!];
      yield items;
      counts[k]!++;
      k = 1;
    } else counts[k++] = 0;
}

/**
 * Two-sided p of Gi* in each cell by conditional permutation: the cell keeps its value, its neighbours are drawn anew, without replacement,
 * from all other cells. With the map's mean and spread fixed, Gi* is a rising function of the neighbours' sum, so that sum is compared:
 * `p = (#{|S* - E| ≥ |S - E|} + 1) / (R + 1)`, E = neighbours × mean of the other cells.
 *
 * One table of draws serves all cells, as in esda; a draw is positions among the n - 1 others, of which a cell with k neighbours uses the first k.
 * @returns `p` [rows · columns], NaN in unused cells, 1 where nothing can be tested; `excess` [rows · columns] = S - E in standard deviations of the map
 */
export function getisOrdPermutation(
  grid: Grid,
  { neighbours, permutations, rng }: { neighbours: Neighbourhood; permutations: number; rng: Rng },
): { p: Float64Array; excess: Float64Array } {
  const links = adjacency(grid, neighbours);
  const { n, cells, starts } = links;
  const p = new Float64Array(grid.rows * grid.columns).fill(NaN);
  const excess = p.slice();
  const z = standardise(grid, links);
  const sums = z && neighbourSums(z, links);
  const degree = (i: number) => starts[i + 1]! - starts[i]!;
  const width = cells.reduce((most, _, i) => Math.max(most, degree(i)), 0);
  const table = z && draws(n - 1, width, permutations, rng);
  const others = new Float64Array(Math.max(0, n - 1)); // the values without cell i's, moved along as i goes
  if (z) others.set(z.subarray(1));
  for (let i = 0; i < n; i++) {
    if (z && i > 0) others[i - 1] = z[i - 1]!;
    const k = degree(i);
    if (!z || !sums || !table || k === 0) {
      p[cells[i]!] = 1;
      excess[cells[i]!] = 0;
      continue;
    }
    const expected = (-k * z[i]!) / (n - 1); // the z scores sum to 0
    const deviation = sums[i]! - expected;
    const bar = Math.abs(deviation) - TIE;
    let count = 1;
    for (let r = 0, at = 0; r < permutations; r++, at += width) {
      let sum = -expected;
      for (let q = 0; q < k; q++) sum += others[table[at + q]!]!;
      if (sum >= bar || -sum >= bar) count++;
    }
    p[cells[i]!] = count / (permutations + 1);
    excess[cells[i]!] = deviation;
  }
  return { p, excess };
}

/** [permutations · k]: in each row k of 0 … n-1 without replacement (a partial Fisher–Yates shuffle that goes on from the last). */
function draws(n: number, k: number, permutations: number, rng: Rng): Int32Array {
  const pool = Int32Array.from({ length: n }, (_, i) => i);
  const table = new Int32Array(permutations * k);
  for (let at = 0; at < table.length; at += k)
    for (let q = 0; q < k; q++) {
      const j = q + rng.int(n - q);
      const drawn = pool[j]!;
      pool[j] = pool[q]!;
      pool[q] = drawn;
      table[at + q] = drawn;
    }
  return table;
}
