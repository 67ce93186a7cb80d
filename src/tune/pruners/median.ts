/**
 * @file Stops a trial whose best intermediate value is worse than the median that complete trials had at the same step.
 * Reference: Golovin et al. 2017, "Google Vizier", doi:10.1145/3097983.3098043, section 3.1.2; the behaviour is that of Optuna 4.9's MedianPruner.
 */
import type { MedianConfig } from "../../config/tune.ts";
import { median } from "../../metrics/moments.ts";
import { lossOf } from "../history.ts";
import type { Look } from "./pruner.ts";

/** Folds are not looked at: a fold's number says nothing of how far a trial got. */
export function medianPruner(
  { seen, trial, reported, direction }: Look,
  { startupTrials, warmupSteps, interval, leastTrials }: MedianConfig,
): boolean {
  if (!("step" in reported) || reported.step < warmupSteps) return false;
  const { step } = reported;
  const complete = seen.filter(({ state }) => state === "complete");
  if (complete.length < startupTrials) return false;
  // of the steps reported in one interval only the first is judged
  const intervalStart = Math.floor((step - warmupSteps) / interval) * interval + warmupSteps;
  if (Object.keys(trial.steps).some((other) => Number(other) !== step && Number(other) >= intervalStart)) return false;
  const others = complete.filter(({ steps }) => step in steps).map(({ steps }) => lossOf(steps[step], direction));
  if (others.length < leastTrials) return false;
  const best = Math.min(...Object.values(trial.steps).map((value) => lossOf(value, direction)));
  return best > median(others); // false where none reported the step: the median of nothing is NaN
}
