/** @file What is said about a prediction, in words that claim no more than is known. */
import { fixed } from "../../../src/util/format-number.ts";
import type { Prediction } from "../api.ts";

/** Probabilities that differ by less are the same to a reader. */
const SAME = 5e-4;

/** Who answered, and what that is worth. */
export function sourceOf({ models, heldOut }: Pick<Prediction, "models" | "heldOut">): string {
  if (heldOut) return `Answered by the model of fold ${heldOut.fold}, the only one that did not train on this patient.`;
  return `Mean of the ${models.length} fold models. If the image is in the study's data, choose it from the list instead: here models answer that may have trained on it.`;
}

/** What the study recorded of the image; empty for an upload. */
export function recordOf({ heldOut, probability }: Pick<Prediction, "heldOut" | "probability">): string {
  if (!heldOut) return "";
  const recorded = `Recorded class: ${heldOut.label}. The study recorded ${fixed(heldOut.probability)}`;
  return Math.abs(heldOut.probability - probability) < SAME
    ? `${recorded}, the same.`
    : `${recorded}, which differs: the code or the engine is not that of the study.`;
}
