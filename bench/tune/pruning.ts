/** @file How often the Wilcoxon pruner stops a trial that is better than, equal to or worse than the best one, and what it saves. */
import { wilcoxonSchema, type Trial } from "../../src/config/tune.ts";
import { shouldStop } from "../../src/tune/pruners/registry.ts";
import { range, rngOf } from "../../src/util/rng.ts";

const config = wilcoxonSchema.parse({ name: "wilcoxon" });

/**
 * Trials whose folds differ from the best trial's by `shift` and standard normal noise; positive is worse.
 * @returns share of the trials that are stopped, and of all their folds that are run
 */
export function pruningRates(folds: number, shift: number, trials: number): { stopped: number; run: number } {
  const best: Trial = {
    ...blank,
    number: 0,
    state: "complete",
    value: 0,
    folds: Object.fromEntries(range(folds).map((fold) => [fold, 0])),
  };
  let [stopped, run] = [0, 0];
  for (const seed of range(trials)) {
    const rng = rngOf(seed, "pruning", folds, `${shift}`);
    const seen: Record<string, number> = {};
    for (const fold of range(folds)) {
      seen[fold] = shift + rng.normal();
      run++;
      const trial: Trial = { ...blank, number: 1, state: "running", value: null, folds: { ...seen } };
      if (!shouldStop({ direction: "minimise", seen: [best], trial, reported: { fold } }, config)) continue;
      stopped++;
      break;
    }
  }
  return { stopped: stopped / trials, run: run / trials / folds };
}

const blank = { params: {}, steps: {}, folds: {} };
