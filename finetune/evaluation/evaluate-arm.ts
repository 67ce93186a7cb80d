/** @file What held-out predictions say of one arm. */
import { armName } from "../../src/config/arm.ts";
import type { ModelEvaluation } from "../../src/config/evaluation.ts";
import { confusionMatrix } from "../../src/metrics/confusion-matrix.ts";
import { mean } from "../../src/metrics/moments.ts";
import { oneVsRestAuroc } from "../../src/metrics/multiclass-auroc.ts";
import { calibration } from "./calibration.ts";
import { operating } from "./operating.ts";
import { ranking } from "./ranking.ts";
import { interval } from "./resample.ts";
import { strata } from "./strata.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

export const evaluateArm = (arm: ArmPredictions, cases: Cases, terms: EvaluationTerms): ModelEvaluation => ({
  name: arm.name ?? armName(arm.arm),
  arm: arm.arm,
  trainings: arm.replicates.length,
  ...ranking(arm, cases, terms),
  ...calibration(arm, cases, terms),
  operating: operating(arm, cases, terms),
  ...severalClasses(arm, cases, terms),
  strata: strata(arm, cases, terms),
});

function severalClasses(
  { replicates }: ArmPredictions,
  cases: Cases,
  terms: EvaluationTerms,
): Pick<ModelEvaluation, "confusion" | "macroAuroc"> {
  const classes = terms.data.classes.length;
  const shares = replicates.map(({ predictions }) => predictions.map((row) => row.shares));
  const found = shares.map((rows) => confusionMatrix(cases.classOf, rows.map(likeliest), classes).counts);
  const macro = shares.map(
    (rows) => (chosen: Int32Array) =>
      oneVsRestAuroc(
        Array.from(chosen, (i) => cases.classOf[i]),
        Array.from(chosen, (i) => rows[i]),
      ).macro,
  );
  return {
    confusion: found[0].map((row, truth) => row.map((_, said) => mean(found.map((counts) => counts[truth][said])))),
    macroAuroc: classes === 2 ? null : interval("macro-auroc", macro, { ...cases, labels: cases.classOf }, terms),
  };
}

/** Of equals the last, as a threshold of one half calls positive what reaches it. */
const likeliest = (shares: readonly number[]): number => shares.lastIndexOf(Math.max(...shares));
