/** @file Type-I error of a test: how often it rejects where there is nothing to find. */
import * as assert from "uvu/assert";
import { range } from "../util/rng.ts";

/**
 * The 99 % band of rejections among `runs` under a true null with rejection rate `alpha`: exact binomial, half a per cent in each tail.
 * @returns least and most rejections that are not surprising
 */
export function binomialBand(runs: number, alpha: number): { least: number; most: number } {
  let [term, below] = [(1 - alpha) ** runs, 0]; // P(k), P(< k)
  let [least, k] = [0, 0];
  for (; below + term < 0.995; k++) {
    if (below + term <= 0.005) least = k + 1;
    below += term;
    term *= ((runs - k) / (k + 1)) * (alpha / (1 - alpha));
  }
  return { least, most: k };
}

/**
 * Runs `pOf(seed)` for seeds 0 … runs-1, each under its null, and asserts that the share of p ≤ alpha lies within the binomial 99 % band.
 * @param options.conservative true: the test may reject too seldom (discrete statistics, doubled tails), never too often
 */
export function assertTypeOne(runs: number, pOf: (seed: number) => number, { alpha = 0.05, conservative = false } = {}): number {
  const rejections = range(runs).filter((seed) => pOf(seed) <= alpha).length;
  const { least, most } = binomialBand(runs, alpha);
  const bottom = conservative ? 0 : least;
  assert.ok(rejections >= bottom && rejections <= most, `rejected ${rejections} of ${runs} at ${alpha}, expected ${bottom} to ${most}`);
  return rejections / runs;
}
