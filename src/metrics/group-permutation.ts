/**
 * @file Does a group's class go with its value? Class labels permuted over groups.
 * Reference: Pitman 1937; Phipson & Smyth 2010, doi:10.2202/1544-6115.1585 (+1 in counts of random permutations).
 */
import { shuffle, type Rng } from "../util/rng.ts";
import { countPositives } from "./binary.ts";
import { permutationTails } from "./p-values.ts";

export interface GroupPermutationOptions {
  /** [groups], one value a group: average the images of a group first */
  values: ArrayLike<number>;
  /** [groups], class 0 or 1 */
  labels: ArrayLike<number>;
  /** 0 where the classes do not differ, for example cliffsDeltaByLabel */
  statistic: (labels: ArrayLike<number>, values: ArrayLike<number>) => number;
  permutations: number;
  rng: Rng;
}

/**
 * Two-sided p of the statistic: how often permuted labels give |T*| ≥ |T|. Exact, without the rng, where the labels can be dealt
 * out in at most `permutations` + 1 ways; then p = count / ways.
 */
export function groupPermutation({ values, labels, statistic, permutations, rng }: GroupPermutationOptions): {
  observed: number;
  p: number;
} {
  const positives = countPositives("groupPermutation", labels, values);
  const observed = statistic(labels, values);
  const exact = binomial(labels.length, positives) <= permutations + 1;
  const simulated: number[] = [];
  if (exact) for (const dealt of labellings(labels.length, positives)) simulated.push(Math.abs(statistic(dealt, values)));
  else {
    const dealt = Uint8Array.from(labels);
    for (let r = 0; r < permutations; r++) simulated.push(Math.abs(statistic(shuffle(dealt, rng), values)));
  }
  const tolerance = 1e-12 * Math.max(1, Math.abs(observed));
  return { observed, p: permutationTails(Math.abs(observed), simulated, { exact, tolerance }).greater };
}

/** n choose k, up to rounding where it is huge. */
function binomial(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}

/** Every way to give label 1 to k of n groups. The array is the same one each time. */
function* labellings(n: number, k: number, labels = new Uint8Array(n), from = 0): Generator<Uint8Array> {
  if (k === 0) yield labels;
  else
    for (let i = from; i <= n - k; i++) {
      labels[i] = 1;
      yield* labellings(n, k - 1, labels, i + 1);
      labels[i] = 0;
    }
}
