/** @file Which trial each outer fold chooses by its own inner split, and whether held-out images had a say in what was tried. */
import type { Direction, Trial, TuneConfig } from "../../config/tune.ts";
import type { Tuned } from "../../config/tuned.ts";
import { lossOf } from "../../tune/history.ts";
import { range } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";

/**
 * Nested selection (Varma & Simon 2006, doi:10.1186/1471-2105-7-91): of each outer fold the trial whose value on this fold is best; of equals the first.
 * The value comes from training images of the fold alone, so what it holds out does not choose. A trial that was stopped early counts on the folds that
 * it has a value of: what other folds said of it is no reason against it here.
 * @throws UserError where no trial has a value on a fold
 */
export function chooseByFold(trials: readonly Trial[], folds: number, direction: Direction): Tuned["byFold"] {
  return range(folds).map((fold) => {
    const having = trials.filter((trial) => fold in trial.folds && (trial.state === "complete" || trial.state === "pruned"));
    if (having.length === 0)
      throw new UserError(
        `no trial got as far as fold ${fold}, so nothing can be chosen there: run more trials, or give them more time (--trials, --timeout)`,
      );
    const [first] = having.toSorted((a, b) => lossOf(a.folds[fold], direction) - lossOf(b.folds[fold], direction) || a.number - b.number);
    return { fold, trial: first.number, inner: first.folds[fold], params: first.params, candidates: having.length };
  });
}

/**
 * Whether the points tried do not depend on any label. Otherwise means over folds led the search, and those hold, by the inner splits of the other folds,
 * images that a fold holds out: they did not choose among the trials, but had a say in which there are.
 */
export const isStrict = ({ sampler, pruner }: Pick<TuneConfig, "sampler" | "pruner">): boolean =>
  sampler.name !== "tpe" && pruner.name === "none";
