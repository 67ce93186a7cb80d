/** @file What a protocol is: from a fold to predictions of the images that it holds out, and to a network where it makes one. */
import type { Calibration } from "../../src/config/calibration.ts";
import type { Weights } from "../../src/models/weights.ts";
import type { StageContext } from "../../src/run/stage.ts";
import type { Fold } from "../fold.ts";

export interface Outcome {
  /** of the held-out images, [held][classes]: raw, not calibrated; softmax makes probabilities of them */
  logits: readonly ArrayLike<number>[];
  /** what the inner split chose; null where there was none */
  calibration: Calibration | null;
  /** the classifier, where it is a network; undefined for neighbours */
  weights?: Weights;
  /** what was chosen, for the run's tags and the report: { k: 15 } */
  chosen?: Record<string, number | string>;
}

export type ProtocolRun = (context: StageContext, fold: Fold) => Promise<Outcome>;
