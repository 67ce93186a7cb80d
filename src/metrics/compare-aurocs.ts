/**
 * @file Does one model rank better than another on the same images? ΔAUROC with a group-bootstrap interval and a permutation p.
 *
 * The p is by exchange: under the null hypothesis it does not matter which model gave which score, so the two models' ranks are
 * swapped or not, for all images of a group together. That is a test of the null itself; a bootstrap p only asks whether
 * an interval covers 0, and is too small where groups are few.
 * Reference: Bandos, Rockette & Gur 2005, doi:10.1002/sim.2149 (exchange of rank ratings within subject);
 * Venkatraman & Begg 1996, doi:10.1093/biomet/83.4.835. Groups instead of subjects is ours.
 */
import type { Rng } from "../util/rng.ts";
import { auroc } from "./auroc.ts";
import { groupBootstrap, pick } from "./group-bootstrap.ts";
import { rowsByGroup } from "./groups.ts";
import { permutationTails } from "./p-values.ts";
import { midranks } from "./ranks.ts";

export interface CompareOptions {
  /** [rows], class 0 or 1 */
  labels: ArrayLike<number>;
  /** [rows], the group of each row */
  groups: ArrayLike<string | number>;
  /** [rows], scores of the first and the second model; the scales may differ */
  a: ArrayLike<number>;
  b: ArrayLike<number>;
  bootstraps: number;
  permutations: number;
  rng: Rng;
}

/** AUROC of `a` minus AUROC of `b`. `delta` holds the difference and its percentile interval, `p` is two-sided. */
export function compareAurocs(options: CompareOptions): { delta: { estimate: number; low: number; high: number }; p: number } {
  const { labels, a, b } = options;
  const statistic = (rows: Int32Array) => {
    const dealt = pick(labels, rows);
    return auroc(dealt, pick(a, rows)) - auroc(dealt, pick(b, rows));
  };
  return { delta: groupBootstrap({ ...options, statistic }), p: swapPermutation(options).p };
}

/**
 * Two-sided p of ΔAUROC by swapping the models' midranks within groups. Exact, without the rng, where the groups allow at most
 * `permutations` + 1 swaps.
 */
export function swapPermutation({ labels, groups, a, b, permutations, rng }: Omit<CompareOptions, "bootstraps">): {
  observed: number;
  p: number;
} {
  const ranksA = midranks(a);
  const ranksB = midranks(b);
  const observed = auroc(labels, ranksA) - auroc(labels, ranksB);
  const units = rowsByGroup(groups);
  const exact = 2 ** units.length <= permutations + 1;
  const [first, second] = [ranksA.slice(), ranksB.slice()];
  const simulated = Array.from({ length: exact ? 2 ** units.length : permutations }, (_, r) => {
    units.forEach((rows, unit) => {
      const swap = exact ? (r >> unit) & 1 : rng.next() < 0.5;
      for (const row of rows) {
        first[row] = (swap ? ranksB : ranksA)[row]!;
        second[row] = (swap ? ranksA : ranksB)[row]!;
      }
    });
    return Math.abs(auroc(labels, first) - auroc(labels, second));
  });
  return { observed, p: permutationTails(Math.abs(observed), simulated, { exact, tolerance: 1e-12 }).greater };
}
