/** @file The held-out images that a model is surest of and wrong about: what a reader should look at before believing it. */
import type { WorstError } from "../../src/config/report.ts";
import type { HeldOut } from "./held-out.ts";

/** How many a report shows. */
const SHOWN = 8;

/**
 * By falling log loss, of images whose true class is held for less likely than not; one image a group, so that one patient is not the whole list.
 * @param predictions of one training
 */
export function worstErrors(predictions: readonly HeldOut[], shown = SHOWN): WorstError[] {
  const wrong = predictions
    .map((row) => ({ ...row, ofTruth: row.positive === 1 ? row.probability : 1 - row.probability }))
    .filter(({ ofTruth }) => ofTruth < 0.5)
    .sort((a, b) => a.ofTruth - b.ofTruth || (a.image < b.image ? -1 : 1));
  const seen = new Set<string>();
  const first = wrong.filter(({ group }) => !seen.has(group) && seen.add(group));
  return first.slice(0, shown).map(({ image, label, fold, probability, ofTruth }) => ({
    ...{ image, label, fold, probability },
    loss: -Math.log(Math.max(ofTruth, 2 ** -52)), // as in the evaluation's log loss
  }));
}
