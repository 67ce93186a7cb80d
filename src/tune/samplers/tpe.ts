/**
 * @file Tree-structured Parzen estimator: tries the point, of some drawn where good trials lie, at which good trials are densest against others.
 * Reference: Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", NeurIPS; Watanabe 2023, arXiv 2304.11127; with the bandwidth
 * "range" the behaviour is that of Optuna 4.9, samplers/_tpe/sampler.py, with `group=True`.
 */
import type { Direction, Parameter, Params, TpeConfig, Trial } from "../../config/tune.ts";
import { rngOf, type Rng } from "../../util/rng.ts";
import { lossOf } from "../history.ts";
import { parzen } from "../parzen.ts";
import { groupsOf, isActive } from "../space.ts";
import { randomSampler } from "./random.ts";
import { sobolSampler } from "./sobol.ts";
import type { Request } from "./sampler.ts";

export function tpeSampler(request: Request, config: TpeConfig): Params {
  const { seen, space, number, seed } = request;
  if (seen.filter(({ state }) => state !== "running").length < config.startupTrials)
    return config.startup === "sobol" ? sobolSampler(request, { scramble: true }) : randomSampler(request, { name: "random" });
  const { good, others } = split(seen, request.direction, config);
  const rng = rngOf(seed, "tune", "tpe", number);
  const params: Params = {};
  for (const group of groupsOf(space)) {
    if (!isActive(group[0], params)) continue;
    for (const part of config.multivariate ? [group] : group.map((parameter) => [parameter]))
      Object.assign(params, bestCandidate(part, good, others, config, rng));
  }
  return params;
}

/**
 * The good trials, `min(⌈share · n⌉, most)` of the n that ended, and the others with those still running.
 * Pruned trials come after complete ones: those that got further first, equals by what they had reached.
 * @returns both by number
 */
export function split(
  seen: readonly Trial[],
  direction: Direction,
  { goodShare, goodMost, constantLiar }: Pick<TpeConfig, "goodShare" | "goodMost" | "constantLiar">,
): { good: Trial[]; others: Trial[] } {
  const ended = seen.filter(({ state }) => state !== "running");
  const ranked = ended.map((trial) => ({ trial, rank: rankOf(trial, direction) })).sort((a, b) => compare(a.rank, b.rank));
  const count = Math.min(Math.ceil(goodShare * ended.length), goodMost);
  const good = new Set(ranked.slice(0, count).map(({ trial }) => trial));
  return {
    good: seen.filter((trial) => good.has(trial)),
    others: seen.filter((trial) => !good.has(trial) && (constantLiar || trial.state !== "running")),
  };
}

function rankOf(trial: Trial, direction: Direction): number[] {
  const loss = trial.value === null ? Infinity : lossOf(trial.value, direction);
  if (trial.state === "complete") return [0, 0, 0, loss];
  const steps = Object.keys(trial.steps).map(Number);
  return [1, -Object.keys(trial.folds).length, -steps.reduce((a, b) => Math.max(a, b), -1), loss];
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
};

/** Draws from the good trials' density; the first candidate with the largest ratio wins, as in Optuna. */
function bestCandidate(group: Parameter[], good: readonly Trial[], others: readonly Trial[], config: TpeConfig, rng: Rng): Params {
  const having = (trials: readonly Trial[]) => trials.map(({ params }) => params).filter((params) => group[0].path in params);
  // the others stay smooth whatever the rule: their gaps are not where nothing good can be
  const [below, above] = [parzen(group, having(good), config), parzen(group, having(others), { ...config, bandwidth: "range" })];
  let best: { params: Params; ratio: number } | undefined;
  for (let i = 0; i < config.candidates; i++) {
    const params = below.draw(rng);
    const ratio = below.logDensity(params) - above.logDensity(params);
    if (!best || ratio > best.ratio) best = { params, ratio };
  }
  return best!.params;
}
