/** @file Held-out predictions of every baseline on the folds of a study. */
import { baselineNameSchema, type Baseline } from "../../src/config/baselines.ts";
import type { FeatureValue } from "../../src/data/audit/columns.ts";
import { heldOutPredictions, type FoldedCases, type HeldOut } from "./held-out.ts";
import { baselineKinds, type Known } from "./registry.ts";

export interface BaselineFeature {
  name: string;
  unit: string;
  /** [n]; undefined where nothing is known */
  values: FeatureValue[];
}

export interface BaselinePredictions extends Pick<Baseline, "name" | "title" | "note"> {
  features: BaselineFeature[];
  /** [n]; null where the baseline says nothing of the image */
  predictions: (HeldOut | null)[];
  /** images without what it needs */
  missing: number;
}

/**
 * What each baseline says of images that it was not fitted to, in the order of `known`.
 * @param known [n] @param cases [n]
 */
export function baselinePredictions(known: readonly Known[], cases: FoldedCases): BaselinePredictions[] {
  if (cases.labels.length !== known.length || cases.groups.length !== known.length || cases.folds.length !== known.length)
    throw new RangeError(`baselinePredictions: there must be a label, a group and a fold for each of ${known.length} images`);
  return baselineNameSchema.options.map((name) => {
    const { title, note, units, features: of } = baselineKinds[name];
    const told = known.map((one) => of(one));
    const names = [...new Set(told.flatMap((one) => Object.keys(one ?? {})))];
    const features = names.map((feature) => ({
      name: feature,
      unit: units[feature] ?? "",
      values: told.map((one) => one?.[feature]),
    }));
    const rows = told.map((one, i) => one && features.map(({ values }) => values[i]));
    return {
      ...{ name, title, note, features },
      predictions: heldOutPredictions(rows, cases),
      missing: told.filter((one) => one === null).length,
    };
  });
}
