/** @file What each fitted model says of images by itself, and all models of an arm together: the mean of their calibrated probabilities. */
import { z } from "zod";
import type { Calibration } from "../../src/config/calibration.ts";
import type { GreyFrames } from "../../src/augment/batch.ts";
import { loadClassifier, type ArtifactReader } from "../../src/explain/trained-classifier.ts";
import { mean } from "../../src/metrics/moments.ts";
import type { FittedModel } from "../../src/run/fitted-models.ts";
import { UserError } from "../../src/util/user-error.ts";
import { calibratedShares, positiveLogOdds } from "../../src/metrics/class-shares.ts";
import type { Prediction } from "../predictions.ts";
import { predictViews } from "../training/test-time.ts";

export interface Member extends FittedModel {
  calibration: Calibration | null;
  /** raw log-odds of the positive class, [images] */
  scores: number[];
  /** of every class, after the temperature that this model's inner split chose, [images][classes] */
  shares: number[][];
}

/** Images as an evaluation knows them. */
export type Case = Pick<Prediction, "image" | "group" | "label">;

/**
 * Over as many views as held-out images were predicted over, for which the temperature was chosen: a fine-tuned model's own number, else one.
 * @param frames of the model's own size; the engine must run
 * @throws UserError where the run has no network, or a damaged one
 */
export async function askMember(
  store: ArtifactReader,
  model: FittedModel,
  { frames, images, testTimeViews }: { frames: GreyFrames; images: readonly number[]; testTimeViews: number },
): Promise<Member> {
  const trained = await loadClassifier(store, model.runId).catch((cause: unknown) => {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new UserError(
      `${model.name} (${model.runId}): model/config.json is damaged or of another version of sonomark; run the study again`,
      { status: 422, cause },
    );
  });
  try {
    const { calibration } = trained.config;
    const logits = predictViews(trained, frames, images, model.arm.protocol === "finetune" ? testTimeViews : 1);
    return {
      ...{ ...model, calibration },
      scores: logits.map(positiveLogOdds),
      shares: logits.map((row) => calibratedShares(row, calibration?.temperature ?? 1)),
    };
  } finally {
    trained.dispose();
  }
}

export const memberPredictions = (cases: readonly Case[], { scores, shares }: Member): Prediction[] =>
  cases.map((one, i) => ({ ...one, fold: 0, score: scores[i], probability: shares[i].at(-1)!, shares: shares[i] }));

/** Mean of the calibrated probabilities; the score is their log-odds, told by all classes so that no image near certainty ties. */
export function ensemblePredictions(cases: readonly Case[], members: readonly Member[]): Prediction[] {
  return cases.map((one, i) => {
    const shares = members[0].shares[i].map((_, c) => mean(members.map((member) => member.shares[i][c])));
    const probability = shares.at(-1)!;
    const others = shares.slice(0, -1).reduce((a, b) => a + b, 0);
    return { ...one, fold: 0, score: Math.log(probability) - Math.log(others), probability, shares };
  });
}

/**
 * Each threshold the mean over models, as `sonomark predict` decides; null where a model has none. The temperature has been applied model by model, so the
 * ensemble has none of its own.
 */
export function ensembleCalibration(members: readonly Member[]): Calibration | null {
  const chosen = members.flatMap(({ calibration }) => calibration ?? []);
  if (chosen.length < members.length) return null;
  const of = (value: (calibration: Calibration) => number) => mean(chosen.map(value));
  return {
    temperature: 1,
    thresholds: { youden: of(({ thresholds }) => thresholds.youden), cost: of(({ thresholds }) => thresholds.cost) },
    epochs: null,
    images: Math.round(of(({ images }) => images)),
    groups: Math.round(of(({ groups }) => groups)),
    auroc: null,
    logLoss: of(({ logLoss }) => logLoss),
  };
}
