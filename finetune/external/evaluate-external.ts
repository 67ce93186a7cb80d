/** @file The evaluation of an external test, in the schema of a study's: each arm is the ensemble of its models, in one fold that nothing trained on. */
import { armName, type Arm } from "../../src/config/arm.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { mean } from "../../src/metrics/moments.ts";
import { groupBy } from "../../src/util/group-by.ts";
import { evaluateArms } from "../evaluation/evaluate-arms.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "../evaluation/terms.ts";
import { ensembleCalibration, ensemblePredictions, type Case, type Member } from "./members.ts";

/** The models of one arm. */
export interface ArmMembers {
  arm: Arm;
  members: Member[];
}

/** Terms under which each image is held out from all models at once. */
export const externalTerms = (terms: Omit<EvaluationTerms, "data" | "finetune">, classes: string[]): EvaluationTerms => ({
  ...terms,
  data: { classes, folds: 1, repeats: 1 },
  finetune: { seeds: 1 },
});

export const membersByArm = (members: readonly Member[]): ArmMembers[] =>
  [...groupBy(members, ({ arm }) => armName(arm)).values()].map((own) => ({ arm: own[0].arm, members: own }));

/**
 * `foldAuroc` is of each fold's model on all images (its mean over trainings), `temperatures` are of every model.
 * @param attributes what images may be divided by, in the order of `cases`
 */
export function evaluateExternal(
  arms: readonly ArmMembers[],
  cases: readonly Case[],
  terms: EvaluationTerms,
  attributes: Cases["attributes"],
): Omit<Evaluation, "shortcuts" | "baselines"> {
  const together = arms.map(({ arm, members }): ArmPredictions => ({
    arm,
    replicates: [{ predictions: ensemblePredictions(cases, members), calibrations: [ensembleCalibration(members)] }],
  }));
  const { models, ...evaluation } = evaluateArms(together, terms, attributes);
  const labels = cases.map(({ label }) => Number(label === terms.data.classes.at(-1)));
  return {
    ...evaluation,
    models: models.map((model, i) => {
      const byFold = [...groupBy(arms[i].members, ({ fold }) => fold)].sort(([a], [b]) => a - b);
      return {
        ...model,
        foldAuroc: byFold.map(([, own]) => mean(own.map(({ scores }) => auroc(labels, scores)))),
        temperatures: arms[i].members.flatMap(({ calibration }) => (calibration ? [calibration.temperature] : [])),
      };
    }),
  };
}
