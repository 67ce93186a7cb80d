/**
 * @file Stops a trial that is worse than the best one fold by fold.
 * Reference: Optuna 4.9's WilcoxonPruner (pruners/_wilcoxon.py). The p-value of k folds is never below 2^-k, so nothing is stopped at p < 0.1 before
 * the fourth fold: with five folds one is saved, with five folds repeated three times up to eleven.
 */
import type { WilcoxonConfig } from "../../config/tune.ts";
import { mean } from "../../metrics/moments.ts";
import { bestTrial, lossOf } from "../history.ts";
import { signedRankGreater } from "../signed-rank.ts";
import type { Look } from "./pruner.ts";

/** Steps are not looked at. A trial whose mean over its folds is no worse than the best trial's over all of its is never stopped. */
export function wilcoxonPruner({ seen, trial, reported, direction }: Look, { threshold, startupFolds }: WilcoxonConfig): boolean {
  const best = bestTrial(seen, direction);
  if (!("fold" in reported) || !best) return false;
  const differences = Object.keys(trial.folds)
    .filter((fold) => fold in best.folds)
    .map((fold) => lossOf(trial.folds[fold], direction) - lossOf(best.folds[fold], direction));
  if (differences.length < startupFolds || signedRankGreater(differences) >= threshold) return false;
  const loss = (folds: Record<string, number>) => lossOf(mean(Object.values(folds)), direction);
  return loss(trial.folds) > loss(best.folds);
}
