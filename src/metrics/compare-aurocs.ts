/**
 * @file Does one model rank better than another on the same images? ΔAUROC with a group-bootstrap interval and a permutation p.
 *
 * The p is by exchange: under the null hypothesis it does not matter which model gave which score, so the two models' ranks are
 * swapped or not, for all images of a group together. That is a test of the null itself; a bootstrap p only asks whether
 * an interval covers 0, and is too small where groups are few. The difference is divided by its standard error over groups, each time
 * anew: swapped ranks spread less than ranks do, so the bare difference rejects 6 times in 100 at 12–40 groups, the studentised one 5
 * (measured, also for models with equal areas whose curves cross).
 * Reference: Bandos, Rockette & Gur 2005, doi:10.1002/sim.2149 (exchange of ranks within a subject); Obuchowski 1997, doi:10.2307/2533958
 * (standard error over clusters); Chung & Romano 2013, doi:10.1214/13-AOS1090 (why to studentise).
 */
import type { Rng } from "../util/rng.ts";
import { auroc } from "./auroc.ts";
import { groupBootstrap, pick } from "./group-bootstrap.ts";
import { rowsByGroup } from "./groups.ts";
import { permutationTails } from "./p-values.ts";
import { placements } from "./placements.ts";
import { midranks } from "./ranks.ts";

interface Cases {
  /** [rows], class 0 or 1 */
  labels: ArrayLike<number>;
  /** [rows], the group of each row */
  groups: ArrayLike<string | number>;
  bootstraps: number;
  permutations: number;
  rng: Rng;
}

export interface CompareOptions extends Cases {
  /** [rows], scores of the first and the second model; the scales may differ */
  a: ArrayLike<number>;
  b: ArrayLike<number>;
}

export interface CompareRepeatsOptions extends Cases {
  /** [repeats][rows], scores of each training of the first and of the second kind of model, as many of one as of the other */
  a: readonly ArrayLike<number>[];
  b: readonly ArrayLike<number>[];
}

interface Comparison {
  /** the difference and its percentile interval */
  delta: { estimate: number; low: number; high: number };
  /** two-sided */
  p: number;
}

/** AUROC of `a` minus AUROC of `b`. */
export const compareAurocs = ({ a, b, ...cases }: CompareOptions): Comparison => compareMeanAurocs({ ...cases, a: [a], b: [b] });

/** Mean AUROC over the repeats of `a` minus that of `b`. A group enters, leaves and swaps in all repeats together, for it is one patient. */
export function compareMeanAurocs(options: CompareRepeatsOptions): Comparison {
  const { labels, a, b } = options;
  const statistic = (rows: Int32Array) => {
    const dealt = pick(labels, rows);
    return meanAuroc(dealt, a, rows) - meanAuroc(dealt, b, rows);
  };
  return { delta: groupBootstrap({ ...options, statistic }), p: swapRepeats(options).p };
}

/**
 * Mean over repeats of the AUROC at `rows`.
 * @param dealt labels at `rows`
 * @param scores [repeats][all rows]
 */
export const meanAuroc = (dealt: ArrayLike<number>, scores: readonly ArrayLike<number>[], rows: Int32Array): number =>
  scores.reduce((sum, one) => sum + auroc(dealt, pick(one, rows)), 0) / scores.length;

/**
 * Two-sided p of ΔAUROC by swapping the models' midranks within groups. All swaps are counted, without the rng, where the groups
 * allow at most `permutations` + 1.
 * @returns `observed` = ΔAUROC
 */
export const swapPermutation = ({ a, b, ...cases }: Omit<CompareOptions, "bootstraps">): { observed: number; p: number } =>
  swapRepeats({ ...cases, a: [a], b: [b] });

function swapRepeats({ labels, groups, a, b, permutations, rng }: Omit<CompareRepeatsOptions, "bootstraps">): {
  observed: number;
  p: number;
} {
  if (a.length !== b.length) throw new RangeError(`compareMeanAurocs: a and b must have as many repeats, got ${a.length} and ${b.length}`);
  const pairs = a.map((scores, repeat): Pair => [midranks(scores), midranks(b[repeat])]);
  const units = rowsByGroup(groups);
  const { difference, score } = studentised(labels, units, pairs);
  const exact = 2 ** units.length <= permutations + 1;
  const swapped = pairs.map(([first, second]): Pair => [first.slice(), second.slice()]);
  const simulated = Array.from({ length: exact ? 2 ** units.length : permutations }, (_, r) => {
    units.forEach((rows, unit) => {
      const swap = exact ? (r >> unit) & 1 : rng.next() < 0.5 ? 1 : 0;
      swapped.forEach(([first, second], repeat) => {
        for (const row of rows) [first[row], second[row]] = [pairs[repeat][swap][row], pairs[repeat][1 - swap][row]];
      });
    });
    return Math.abs(studentised(labels, units, swapped).score);
  });
  return { observed: difference, p: permutationTails(Math.abs(score), simulated, { exact }).greater };
}

/** Ranks by the first and by the second model, [rows] each. */
type Pair = readonly [first: Float64Array, second: Float64Array];

/** Mean ΔAUROC, and that / √(Σ over groups of their influence²): 0 where there is no difference, infinite where nothing but the difference is there. */
function studentised(labels: ArrayLike<number>, units: number[][], pairs: readonly Pair[]): { difference: number; score: number } {
  const placed = pairs.map(([a, b]) => {
    const [first, second] = [placements("swapPermutation", labels, a), placements("swapPermutation", labels, b)];
    return { first, second, difference: first.auroc - second.auroc };
  });
  const difference = placed.reduce((sum, one) => sum + one.difference, 0) / placed.length;
  if (Math.abs(difference) < 1e-12) return { difference: 0, score: 0 };
  let squares = 0;
  for (const rows of units) {
    let influence = 0;
    for (const { first, second, difference: own } of placed)
      for (const row of rows)
        influence += (first.values[row] - second.values[row] - own) / (labels[row] === 1 ? first.positives : first.negatives);
    squares += (influence / placed.length) ** 2;
  }
  return { difference, score: difference / Math.sqrt(squares < 1e-24 ? 0 : squares) }; // below that the sum is rounding
}
