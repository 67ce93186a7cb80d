/**
 * @file Which parameters mattered: PED-ANOVA, the Pearson divergence of where the best trials lie from where all do, parameter by parameter.
 * Reference: Watanabe, Bansal & Hutter 2023, "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary subspaces", arXiv 2304.10255,
 * eq. 15 and algorithm 1; grid, Scott's bandwidth and prior as in Optuna 4.9, importance/_ped_anova. Departure: a parameter with a condition is judged
 * among the trials that set it, where Optuna leaves out every trial that lacks any parameter.
 */
import type { Direction, FloatParameter, IntParameter, Parameter, Params, Space, Trial } from "../config/tune.ts";
import { range } from "../util/rng.ts";
import { axisOf, positionOf, type Axis } from "./axis.ts";
import { lossOf } from "./history.ts";
import { normalMass } from "./normal-interval.ts";
import { sameValue } from "./space.ts";

export interface Importance {
  path: string;
  /** share² of the best trials, times the Pearson divergence of their density from that of all: 0 if the best lie as all do */
  divergence: number;
  /** of the sum over parameters; 0 where all divergences are 0 */
  share: number;
  /** complete trials that set the parameter; with fewer than three nothing is known, and the divergence is 0 */
  trials: number;
}

/** Grid points of a numeric parameter, at most. */
const GRID = 50;

/**
 * The importance of each parameter for getting among the best trials; in the order of the space.
 * @param best share of the complete trials that counts as best (Optuna: 0.1), at least two trials
 */
export function importances(space: Space, history: readonly Trial[], direction: Direction, best = 0.1): Importance[] {
  if (!(best > 0 && best < 1)) throw new RangeError(`importances: best must be between 0 and 1, got ${best}`);
  const complete = history.filter((trial): trial is Trial & { value: number } => trial.state === "complete" && trial.value !== null);
  const rows = space.map((parameter) => {
    const having = complete.filter(({ params }) => parameter.path in params);
    if (having.length < 3) return { path: parameter.path, divergence: 0, trials: having.length };
    const losses = having.map(({ value }) => lossOf(value, direction));
    // equals of the last one count as best too
    const cut = losses.toSorted((a, b) => a - b)[Math.max(2, Math.ceil(best * having.length)) - 1];
    const top = having.filter((_, i) => losses[i] <= cut);
    const divergence = (top.length / having.length) ** 2 * pearson(parameter, top, having);
    return { path: parameter.path, divergence, trials: having.length };
  });
  const total = rows.reduce((sum, { divergence }) => sum + divergence, 0);
  return rows.map((row) => ({ ...row, share: total > 0 ? row.divergence / total : 0 }));
}

/** `Σ q (p/q - 1)²` over the grid, p the density of `top`, q that of `all`. */
function pearson(parameter: Parameter, top: readonly { params: Params }[], all: readonly { params: Params }[]): number {
  const densities = [top, all].map((trials) => {
    const values = trials.map(({ params }) => params[parameter.path]);
    if (parameter.kind !== "category") return gridDensity(gridCounts(parameter, values as number[]));
    return choiceDensity(parameter.choices.map((choice) => values.filter((value) => sameValue(value, choice)).length));
  });
  const [p, q] = densities.map((density) => density.map((each) => each + 1e-12));
  return q.reduce((sum, each, i) => sum + each * (p[i] / each - 1) ** 2, 0);
}

/** How many values fall to each of the grid's points. */
function gridCounts(parameter: FloatParameter | IntParameter, values: readonly number[]): number[] {
  const axis = axisOf(parameter);
  const points = Math.min(GRID, valuesOf(parameter, axis));
  const [first, last] = [positionOf(axis, axis.low), positionOf(axis, axis.high)];
  const width = (last - first) / (points - 1);
  const counts = new Array<number>(points).fill(0);
  // half-way between two points goes to the lower; 1e-9 keeps it there when the sum has lost its last bit
  for (const value of values)
    counts[Math.min(points - 1, Math.max(0, Math.ceil((positionOf(axis, value) - first) / width - 0.5 - 1e-9)))]++;
  return counts;
}

/** How many values there are to tell apart; of integers on a log axis as many as bits, and one. */
function valuesOf({ kind, log }: FloatParameter | IntParameter, { low, high, step }: Axis): number {
  if (kind === "int" && log) return Math.ceil(Math.log2(high - low + 1)) + 1;
  return step > 0 ? Math.round((high - low) / step) + 1 : Infinity;
}

/** Normal kernels on the points that were counted, as wide as Scott's rule says, and one for the whole grid; they sum to 1 over the grid. */
function gridDensity(counts: readonly number[]): number[] {
  const n = counts.reduce((a, b) => a + b, 0);
  const at = range(counts.length).filter((i) => counts[i] > 0);
  const mean = at.reduce((sum, i) => sum + (i * counts[i]) / n, 0);
  const sd = Math.sqrt(at.reduce((sum, i) => sum + (i - mean) ** 2 * counts[i], 0) / Math.max(1, n - 1));
  const upTo = at.map((_, k) => at.slice(0, k + 1).reduce((sum, i) => sum + counts[i], 0));
  const lower = at[upTo.findIndex((count) => count >= Math.floor(n / 4))];
  const upper = at[upTo.findIndex((count) => count > Math.floor((3 * n) / 4))] ?? at.at(-1)!;
  const width = Math.max(1.059 * Math.min((upper - lower) / 1.34, sd) * n ** -0.2, 0.5 / 1.64); // 90 % of a kernel stays in its cell at least
  const points = counts.length;
  const kernels = [...at.map((i) => ({ mean: i, sd: width, weight: counts[i] })), { mean: (points - 1) / 2, sd: points, weight: 1 }];
  const density = new Array<number>(points).fill(0);
  for (const { mean, sd, weight } of kernels) {
    const mass = normalMass((-0.5 - mean) / sd, (points - 0.5 - mean) / sd);
    for (let i = 0; i < points; i++) density[i] += ((weight / (n + 1)) * normalMass((i - 0.5 - mean) / sd, (i + 0.5 - mean) / sd)) / mass;
  }
  return density;
}

/** One kernel a choice that was seen, `(1{c = choice} + 1/K) / (1 + C/K)` for K kernels and C choices, and a flat one. */
function choiceDensity(counts: readonly number[]): number[] {
  const n = counts.reduce((a, b) => a + b, 0);
  const spread = 1 / (counts.filter((count) => count > 0).length + 1);
  const other = spread / (1 + spread * counts.length);
  const own = (1 + spread) / (1 + spread * counts.length);
  return counts.map((count) => (count * own + (n - count) * other + 1 / counts.length) / (n + 1));
}
