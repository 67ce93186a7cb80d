/** @file The point that a trial tries: a function of the space, the seed, the trial's number and what it sees. */
import type { Params, Trial, TuneConfig } from "../config/tune.ts";
import { rngOf } from "../util/rng.ts";
import { seenBy } from "./history.ts";
import type { Sampler } from "./samplers/sampler.ts";
import { samplers } from "./samplers/registry.ts";

/**
 * @param history trials of this search, in any order; what trial `number` may know of it is picked out here (src/tune/history.ts)
 * @param jobs trials that run side by side
 * @throws RangeError if a trial that must have ended has not
 */
export function suggest(
  config: Pick<TuneConfig, "space" | "sampler" | "direction" | "seed">,
  history: readonly Trial[],
  { number, jobs = 1 }: { number: number; jobs?: number },
): Params {
  const { space, sampler, direction, seed } = config;
  const choose = samplers[sampler.name] as Sampler<typeof sampler>;
  return choose({ space, direction, seen: seenBy(history, number, jobs), number, seed }, sampler);
}

/** A seed for what a trial does by itself, different for every trial; trials that are compared fold by fold use the study's seed instead. */
export const trialSeed = (seed: number, number: number): number => rngOf(seed, "tune", "trial", number).int(2 ** 31);
