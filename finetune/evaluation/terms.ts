/** @file What an evaluation goes by: arms with their predictions, images with their class and group, settings. */
import type { Arm } from "../../src/config/arm.ts";
import type { Calibration } from "../../src/config/calibration.ts";
import type { Prediction } from "../predictions.ts";

/** One training of an arm, over all folds. */
export interface Replicate {
  /** [images], the same in the same order in every training of every arm */
  predictions: readonly Prediction[];
  /** what each fold's inner split chose, by fold; null where there was none */
  calibrations: readonly (Calibration | null)[];
}

export interface ArmPredictions {
  arm: Arm;
  /** what tables call it, where several are of one arm; the arm's own name where absent */
  name?: string;
  replicates: readonly Replicate[];
}

/** What of a study the evaluation goes by. */
export interface EvaluationTerms {
  data: { classes: string[]; folds: number; repeats: number };
  finetune: { seeds: number };
  seed: number;
  transductive: boolean;
  analysis: { bootstraps: number; permutations: number };
}

/** Images with what no training changes. */
export interface Cases {
  /** index of the class, [images] */
  classOf: number[];
  /** 1 for the last class, 0 for all others, [images] */
  labels: number[];
  groups: string[];
  /** what images may be divided by: name → value of each, "" where unknown, [images] */
  attributes: ReadonlyMap<string, readonly string[]>;
}
