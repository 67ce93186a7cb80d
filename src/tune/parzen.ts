/**
 * @file Parzen estimator over a group of parameters: a mixture of one product kernel for each trial and a wide one for the whole range.
 * Reference: Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", NeurIPS, section 4; Watanabe 2023, arXiv 2304.11127, section 3;
 * weights, prior and (where asked) bandwidths as in Optuna 4.9, samplers/_tpe/parzen_estimator.py.
 */
import type { Parameter, Params, ParamValue, TpeConfig } from "../config/tune.ts";
import type { Rng } from "../util/rng.ts";
import { axisOf, cellOf, positionOf, valueAt, type Axis } from "./axis.ts";
import { bandwidths, type BandwidthOptions } from "./bandwidth.ts";
import { normalMass, truncatedQuantile } from "./normal-interval.ts";
import { sameValue } from "./space.ts";

export type ParzenOptions = BandwidthOptions & Pick<TpeConfig, "priorWeight">;

/** One factor of the product kernels: kernel `k` of the mixture, for one parameter. */
interface Factor {
  path: string;
  draw(k: number, rng: Rng): ParamValue;
  /** log density of `value` under every kernel, added to `sums` [kernels] */
  addLogDensity(value: ParamValue, sums: Float64Array): void;
}

export interface Parzen {
  draw(rng: Rng): Params;
  logDensity(params: Params): number;
}

/**
 * @param group parameters that `trials` all have
 * @param trials oldest first: old ones weigh less
 */
export function parzen(group: readonly Parameter[], trials: readonly Params[], options: ParzenOptions): Parzen {
  const weights = [...trialWeights(trials.length), trials.length > 0 ? options.priorWeight : 1];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const logWeights = Float64Array.from(weights, (weight) => Math.log(weight / total));
  const factors = group.map((parameter) => {
    const values = trials.map((params) => params[parameter.path]);
    return parameter.kind === "category"
      ? categoryFactor(parameter.path, parameter.choices, values, options)
      : numberFactor(parameter.path, axisOf(parameter), values as number[], group.length, options);
  });
  return {
    draw(rng) {
      let left = rng.next() * total;
      let k = 0;
      while (k < weights.length - 1 && left >= weights[k]) left -= weights[k++];
      return Object.fromEntries(factors.map((factor) => [factor.path, factor.draw(k, rng)]));
    },
    logDensity(params) {
      const sums = Float64Array.from(logWeights);
      for (const factor of factors) factor.addLogDensity(params[factor.path], sums);
      const most = sums.reduce((a, b) => Math.max(a, b)); // finite: the prior reaches every value
      return most + Math.log(sums.reduce((sum, each) => sum + Math.exp(each - most), 0));
    },
  };
}

/** Weights of `n` trials, oldest first: the last 25 count fully, those before on a ramp from 1/n. */
export function trialWeights(n: number): number[] {
  const ramp = Math.max(0, n - 25);
  return Array.from({ length: n }, (_, i) => (i >= ramp ? 1 : ramp === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * i) / (ramp - 1)));
}

function numberFactor(path: string, axis: Axis, values: readonly number[], dimensions: number, options: ParzenOptions): Factor {
  const { from, to } = axis;
  const observed = values.map((value) => positionOf(axis, value));
  const means = Float64Array.from([...observed, (from + to) / 2]); // the last kernel is the prior
  const sds = Float64Array.from([...bandwidths(observed, from, to, dimensions, options), to - from]);
  const logMass = means.map((mean, k) => Math.log(normalMass((from - mean) / sds[k], (to - mean) / sds[k])));
  return {
    path,
    draw: (k, rng) => valueAt(axis, truncatedQuantile(rng.next(), means[k], sds[k], from, to)),
    addLogDensity(value, sums) {
      if (axis.step > 0) {
        const [low, high] = cellOf(axis, value as number);
        for (let k = 0; k < sums.length; k++)
          sums[k] += Math.log(normalMass((low - means[k]) / sds[k], (high - means[k]) / sds[k])) - logMass[k];
        return;
      }
      const x = positionOf(axis, value as number);
      for (let k = 0; k < sums.length; k++)
        sums[k] -= ((x - means[k]) / sds[k]) ** 2 / 2 + Math.log(sds[k] * Math.sqrt(2 * Math.PI)) + logMass[k];
    },
  };
}

/** Kernels are their trial's choice, with the prior spread over all: (1{c = choice} + w/K) / (1 + w·C/K), K kernels, C choices. */
function categoryFactor(
  path: string,
  choices: readonly ParamValue[],
  values: readonly ParamValue[],
  { priorWeight }: ParzenOptions,
): Factor {
  const observed = values.map((value) => choices.findIndex((choice) => sameValue(choice, value)));
  const spread = priorWeight / (values.length + 1);
  const share = (k: number, choice: number) =>
    k === observed.length ? 1 / choices.length : (spread + (choice === observed[k] ? 1 : 0)) / (spread * choices.length + 1);
  return {
    path,
    draw(k, rng) {
      let left = rng.next();
      let choice = 0;
      while (choice < choices.length - 1 && left >= share(k, choice)) left -= share(k, choice++);
      return choices[choice];
    },
    addLogDensity(value, sums) {
      const choice = choices.findIndex((each) => sameValue(each, value));
      for (let k = 0; k < sums.length; k++) sums[k] += Math.log(share(k, choice));
    },
  };
}
