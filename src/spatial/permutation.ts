/**
 * @file P-values of spatial statistics by permutation of native cells: the values dealt out anew over the used cells.
 * Valid where cells are exchangeable under the null; an upsampled or smoothed map's are not.
 * Reference: Anselin 1995, doi:10.1111/j.1538-4632.1995.tb00338.x (conditional permutation); Phipson & Smyth 2010, doi:10.2202/1544-6115.1585.
 */
import { countBelow, countUpTo } from "../metrics/bisect.ts";
import { doubledTail, permutationTails, type Tails } from "../metrics/p-values.ts";
import type { Rng } from "../util/rng.ts";
import { distinctDraws, fastIntegers, shuffleValues } from "./draws.ts";
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
  const dealt = z.slice();
  let r = 0;
  if (exact) for (const order of orders(dealt)) simulated[r++] = moranOf(order, pairs);
  else for (const int = fastIntegers(rng); r < permutations; r++) simulated[r] = moranOf(shuffleValues(dealt, int), pairs);
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
    if (counts[k] < k) {
      const other = k % 2 ? counts[k] : 0;
      [items[other], items[k]] = [items[k], items[other]];
      yield items;
      counts[k]++;
      k = 1;
    } else counts[k++] = 0;
}

/**
 * Two-sided p of Gi* in each cell by conditional permutation: the cell keeps its value, its neighbours are drawn anew, without replacement,
 * from all other cells. With the map's mean and spread fixed, Gi* is a rising function of the neighbours' sum, so that sum is compared:
 * `p = (#{|S* - E| ≥ |S - E|} + 1) / (R + 1)`, E = neighbours × mean of the other cells.
 *
 * One table of draws serves all cells, as in esda. Each row holds one cell more than the most neighbours, drawn from all cells; for cell i
 * the first k of the row other than i are k of the others, at random. Unless i was drawn, that is the row's sum over its first k, the same
 * for all cells with k neighbours: so those sums are sorted once, counted by bisection, and mended for the cells that were drawn.
 * Cost: R·k + n·log R, where one cell after the other takes n·R·k.
 * @returns `p` [rows · columns], NaN in unused cells, 1 where nothing can be tested; `excess` [rows · columns] = S - E in standard deviations
 *   of the map, NaN where p is
 */
export function getisOrdPermutation(
  grid: Grid,
  { neighbours, permutations, rng }: { neighbours: Neighbourhood; permutations: number; rng: Rng },
): { p: Float64Array; excess: Float64Array } {
  const links = adjacency(grid, neighbours);
  const { n, cells } = links;
  const [p, excess] = [new Float64Array(grid.rows * grid.columns).fill(NaN), new Float64Array(grid.rows * grid.columns).fill(NaN)];
  for (const at of cells) [p[at], excess[at]] = [1, 0];
  const z = standardise(grid, links);
  if (!z) return { p, excess };

  const degree = Int32Array.from(cells, (_, i) => links.starts[i + 1] - links.starts[i]);
  const deviation = neighbourSums(z, links).map((sum, i) => sum + (degree[i] * z[i]) / (n - 1)); // E = -k z_i / (n - 1): the z scores sum to 0
  const expected = z.map((value, i) => (-degree[i] * value) / (n - 1));
  const extreme = (i: number, sum: number) => (Math.abs(sum - expected[i]) >= Math.abs(deviation[i]) - TIE ? 1 : 0);

  const width = degree.reduce((most, k) => Math.max(most, k), 0) + 1;
  const table = distinctDraws(n, width, permutations, rng);
  const sums = sumsOfFirst(table, width, z, degree);
  const sorted = sums.map((of) => of?.slice().sort());
  const counts = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const [bar, all] = [Math.abs(deviation[i]) - TIE, sorted[degree[i]]!];
    counts[i] = bar <= 0 ? permutations : countUpTo(all, expected[i] - bar) + permutations - countBelow(all, expected[i] + bar);
  }
  for (let r = 0, at = 0; r < permutations; r++, at += width)
    for (let q = 0; q < width; q++) {
      const i = table[at + q];
      const k = degree[i];
      if (q >= k) continue;
      const drawn = sums[k]![r];
      counts[i] += extreme(i, drawn - z[i] + z[table[at + k]]) - extreme(i, drawn);
    }
  for (let i = 0; i < n; i++) {
    if (degree[i] === 0) continue;
    p[cells[i]] = (counts[i] + 1) / (permutations + 1);
    excess[cells[i]] = deviation[i]!;
  }
  return { p, excess };
}

/** For each number of neighbours k that occurs: [permutations], the sum of z over the first k cells of each row of the table. */
function sumsOfFirst(table: Int32Array, width: number, z: Float64Array, degree: Int32Array): (Float64Array | undefined)[] {
  const sums = Array.from({ length: width }, (_, k) => (degree.includes(k) ? new Float64Array(table.length / width) : undefined));
  for (let r = 0, at = 0; at < table.length; r++, at += width)
    for (let k = 0, sum = 0; k < width; sum += z[table[at + k]], k++) {
      const of = sums[k];
      if (of) of[r] = sum;
    }
  return sums;
}
