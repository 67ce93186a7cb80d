/** @file What an external test says of itself: copies that were left out, the calibration that was kept, what is not known. */
import type { StudyConfig } from "../../src/config/study.ts";
import type { ExternalImages } from "../../src/data/external-images.ts";
import type { Member } from "./members.ts";

export function leakageText({
  study,
  copies,
  leftOut,
  manifest,
}: Pick<ExternalImages, "study" | "copies" | "leftOut" | "manifest">): string {
  if (study === null)
    return "Not compared with the images of the study: copies of them may be among those tested, and would make the result too good.";
  const all = manifest.images.length + leftOut;
  return copies === 0
    ? `None of ${all} images shows a picture of the study (equal, cropped, scaled, mirrored, rotated or annotated anew).`
    : `${copies} of ${all} images show a picture of the study; they and the other images of their groups, ${leftOut} in all, were left out.`;
}

export function calibrationText(members: readonly Member[]): string {
  const without = members.filter(({ calibration }) => calibration === null).length;
  const kept =
    "The calibration of training is kept: each model's probabilities have the temperature that its own inner split chose, and nothing is fitted to the other data set. " +
    "The ensemble's threshold is the mean of its models' thresholds.";
  if (without === 0) return kept;
  return without === members.length
    ? "No inner split chose a temperature or a threshold in training: probabilities are as the networks give them, and there are no operating points."
    : `${kept} ${without} of ${members.length} models have none: their probabilities are as the networks give them, and their arms have no operating points.`;
}

export const notesOf = ({ finetune, transductive }: StudyConfig, without: readonly string[]): string[] => [
  ...(without.length > 0 ? [`Left out: ${without.join(", ")}, since neighbours leave no network to ask.`] : []),
  ...(finetune.initialisations.includes("checkpoint")
    ? [
        "Some models started from weights made elsewhere; what images these were trained on is not known here, so copies of them were not looked for.",
      ]
    : []),
  ...(transductive ? ["The internal result is transductive: pretraining saw the held-out images (without labels)."] : []),
];
