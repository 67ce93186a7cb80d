/** @file What an evaluation goes by: arms with their predictions, images with their class and group, settings. */
import type { Arm } from "../../src/config/arm.ts";
import type { Prediction } from "../predictions.ts";

/** An arm with the predictions of its trainings, [trainings][images]: the same images in the same order in all. */
export interface ArmPredictions {
  arm: Arm;
  replicates: readonly (readonly Prediction[])[];
}

/** What of a study the evaluation goes by. */
export interface EvaluationTerms {
  data: { classes: string[]; folds: number; repeats: number };
  finetune: { seeds: number };
  seed: number;
  transductive: boolean;
  analysis: { bootstraps: number; permutations: number };
}

/** Images with their class and group, which no training changes. */
export interface Cases {
  /** index of the class, [images] */
  classOf: number[];
  /** 1 for the last class, 0 for all others, [images] */
  labels: number[];
  groups: string[];
}
