/**
 * @file Tree-structured Parzen estimator: tries the point, of some drawn where good trials lie, at which good trials are densest against others.
 * Reference: Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", NeurIPS; Watanabe 2023, arXiv 2304.11127.
 *
 * Optuna 4.9 (samplers/_tpe/sampler.py, `group=True`) differs in two things: its kernels are a fixed share of the range
 * (`bandwidth: "range"` has that), and it chooses a branch before it looks at what the branch leads to. What each is worth: bench/tune.ts.
 */
import type { Direction, Parameter, Params, TpeConfig, Trial } from "../../config/tune.ts";
import { rngOf, type Rng } from "../../util/rng.ts";
import { lossOf } from "../history.ts";
import { parzen, type Parzen } from "../parzen.ts";
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
  const parts = groupsOf(space).flatMap((group) => (config.multivariate ? [group] : group.map((parameter) => [parameter])));
  const models = parts.map((part) => modelOf(part, good, others, config));
  if (config.multivariate) return bestCandidate(models, {}, config, rng);
  return models.reduce((params, model) => bestCandidate([model], params, config, rng), {} as Params);
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

/** Densities of the good trials and of the others, over parameters that are set together. */
interface Model {
  first: Parameter;
  below: Parzen;
  above: Parzen;
}

function modelOf(group: readonly Parameter[], good: readonly Trial[], others: readonly Trial[], config: TpeConfig): Model {
  const [first] = group;
  const having = (trials: readonly Trial[]) => trials.map(({ params }) => params).filter((params) => first.path in params);
  // the others stay smooth whatever the rule: their gaps are not where nothing good can be
  return { first, below: parzen(group, having(good), config), above: parzen(group, having(others), { ...config, bandwidth: "range" }) };
}

/**
 * Draws candidates from the good trials' density; the first of the largest ratio wins.
 * A candidate goes through all of `models` that its own values make active, and its ratio is their product: a branch is judged by what it leads to.
 */
function bestCandidate(models: readonly Model[], given: Params, { candidates }: TpeConfig, rng: Rng): Params {
  let best: { params: Params; ratio: number } | undefined;
  for (let i = 0; i < candidates; i++) {
    const params = { ...given };
    let ratio = 0;
    for (const { first, below, above } of models) {
      if (!isActive(first, params)) continue;
      const drawn = below.draw(rng);
      ratio += below.logDensity(drawn) - above.logDensity(drawn);
      Object.assign(params, drawn);
    }
    if (!best || ratio > best.ratio) best = { params, ratio };
  }
  return best!.params;
}
