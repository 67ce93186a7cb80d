/** @file What held-out predictions say of every arm, and of the first against each other one. */
import { armName } from "../../src/config/arm.ts";
import { binaryClasses } from "../../src/config/data.ts";
import type { Evaluation } from "../../src/config/results.ts";
import { compareArms } from "./compare-arms.ts";
import { evaluateArm } from "./evaluate-arm.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/**
 * Metrics over pooled out-of-fold predictions with group-bootstrap intervals, means over trainings, and paired comparisons.
 * Pooling treats the fold models as one model, so read it with the folds.
 */
export function evaluateArms(arms: readonly ArmPredictions[], terms: EvaluationTerms): Omit<Evaluation, "shortcuts"> {
  const { data, finetune, transductive } = terms;
  const [first, ...others] = arms;
  const classOf = first.replicates[0].map((row) => data.classes.indexOf(row.label));
  const cases: Cases = {
    classOf,
    labels: classOf.map((index) => Number(index === data.classes.length - 1)),
    groups: first.replicates[0].map((row) => row.group),
  };
  const [negative, positive] = binaryClasses(data.classes);
  return {
    classes: [negative, positive],
    targets: data.classes,
    images: classOf.length,
    groups: new Set(cases.groups).size,
    folds: data.folds,
    repeats: data.repeats,
    seeds: finetune.seeds,
    transductive,
    models: arms.map((one) => ({ name: armName(one.arm), arm: one.arm, ...evaluateArm(one, cases, terms) })),
    comparisons: others.map((other) => compareArms(first, other, cases, terms)),
  };
}
