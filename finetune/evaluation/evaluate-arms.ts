/** @file What held-out predictions say of every arm, and of the first against each other one. */
import { binaryClasses } from "../../src/config/data.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import { compareArms } from "./compare-arms.ts";
import { evaluateArm } from "./evaluate-arm.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/**
 * Metrics over pooled out-of-fold predictions with group-bootstrap intervals, means over trainings, and paired comparisons.
 * Pooling treats the fold models as one model, so read it with the folds.
 * @param attributes what images may be divided by: name → value of each image, in the order of the predictions
 */
export function evaluateArms(
  arms: readonly ArmPredictions[],
  terms: EvaluationTerms,
  attributes: Cases["attributes"] = new Map(),
): Omit<Evaluation, "shortcuts" | "baselines"> {
  const { data, finetune, transductive } = terms;
  const rows = arms[0].replicates[0].predictions;
  const classOf = rows.map((row) => data.classes.indexOf(row.label));
  const cases: Cases = {
    ...{ classOf, attributes },
    labels: classOf.map((index) => Number(index === data.classes.length - 1)),
    groups: rows.map((row) => row.group),
  };
  return {
    classes: binaryClasses(data.classes),
    targets: data.classes,
    images: rows.length,
    groups: new Set(cases.groups).size,
    positives: cases.labels.filter((label) => label === 1).length,
    ...{ folds: data.folds, repeats: data.repeats, seeds: finetune.seeds, transductive },
    models: arms.map((arm) => evaluateArm(arm, cases, terms)),
    comparisons: compareArms(arms, cases, terms),
  };
}
