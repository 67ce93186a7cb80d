/** @file What the tuning bench runs: a search on a test function, trial by trial, without a store. */
import { tuneSchema, type SamplerConfig, type Trial, type TuneInput } from "../../src/config/tune.ts";
import { suggest } from "../../src/tune/suggest.ts";
import { rngOf } from "../../src/util/rng.ts";
import type { TestFunction } from "./functions.ts";

export interface Setting {
  sampler: Partial<SamplerConfig> & { name: SamplerConfig["name"] };
  jobs?: number;
}

/**
 * Excess over the minimum of the point that a search ends with.
 * @param noise standard deviation of what is added to each value that the search sees; the excess is that of the point without it
 */
export function excessOf(f: TestFunction, { sampler, jobs = 1 }: Setting, seed: number, trials: number, noise = 0): number {
  const config = tuneSchema.parse({ space: f.space, sampler, direction: "minimise", seed } as TuneInput);
  const history: Trial[] = [];
  for (let number = 0; number < trials; number++) {
    const params = suggest(config, history, { number, jobs });
    const value = f.valueOf(params, seed) + (noise > 0 ? noise * rngOf(seed, "noise", number).normal() : 0);
    history.push({ number, params, state: "complete", value, steps: {}, folds: {} });
  }
  const best = history.reduce((a, b) => (b.value! < a.value! ? b : a));
  return f.valueOf(best.params, seed) - f.minimum;
}
