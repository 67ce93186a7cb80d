/** @file What the report says in sentences. */
import { binaryClasses } from "../../src/config/data.ts";
import type { AttributionConfig } from "../../src/config/explain.ts";
import type { Biomarkers } from "../../src/config/biomarkers.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import { percent } from "../../src/util/format-number.ts";

/** The report's first line: what the models had seen of the images on which they are judged. */
export function leakageStatement(
  { images, groups, folds, transductive }: Evaluation,
  { finetune, data }: Pick<StudyConfig, "finetune" | "data">,
): string {
  const pretrained = finetune.initialisations.includes("pretrained");
  const group =
    data.groups !== ""
      ? "a group is what the study's table of groups says"
      : data.duplicates === "near"
        ? "a group is a patient where patients are known, joined with every near-duplicate that was found"
        : "a group is a patient where patients are known; near-duplicates were not looked for, so copies may lie on both sides of a split";
  const unit = `${images} images of ${groups} groups (${group}) in ${folds} folds that never split a group.`;
  if (!pretrained) return `Held out: every result is on images whose group was not trained on. ${unit}`;
  return transductive
    ? `Transductive: pretraining saw all images, held-out ones included, without labels; fine-tuning did not see the held-out groups. ${unit}`
    : `Held out: every result is on images whose group neither pretraining nor fine-tuning saw. ${unit}`;
}

function methodText(config: AttributionConfig): string {
  switch (config.name) {
    case "grad-cam":
      return "Grad-CAM (Selvaraju et al. 2017) on the last feature map, raw, tested on its own grid";
    case "integrated-gradients":
      return (
        `integrated gradients (Sundararajan et al. 2017; ${config.steps} Gauss-Legendre nodes from ${config.baseline === "zero" ? "a black image" : "the image's mean"}), ` +
        `summed into at most ${config.cells} × ${config.cells} cells, none smaller than the encoder's output stride`
      );
  }
}

export function methodsText({ data, analysis, explain }: StudyConfig, { permutations }: Biomarkers): string {
  return (
    `Frames of ${data.imageSize} × ${data.imageSize} pixels, aspect ratio kept. What is explained is the log-odds of ${binaryClasses(data.classes)[1]} by the model that did not train on the image: ` +
    `${explain.methods.map(methodText).join("; ")}. Zones are drawn from the ellipse fitted to each lesion mask, never from its outline, whose drawing style may tell the class: the lesion; its inner and outer rim, ` +
    `up to ${analysis.innerRim} and ${analysis.rim} equivalent diameters; behind it, down the beam, up to ${analysis.behind}; in front of it, up to the skin, which is the upper ` +
    `${percent(analysis.skin, 0)} of the field of view; the flanks at its depth; the far field, deeper; marks that were drawn into the image; and elsewhere. A cell's absolute value goes to the zones in proportion to their area in the cell; ` +
    `cells of which less than half shows the field of view take no part. Images are averaged within their group. Effects are Cliff's delta with percentile intervals of ${analysis.bootstraps} bootstraps over groups; ` +
    `p-values come from ${permutations} permutations of the class over groups, and Holm's correction spans every row of the table. Moran's I and Gi* run on each map's absolute values with ${analysis.neighbours} neighbours; ` +
    `p-values permute native cells (those of Gi* conditionally; as many permutations as the number of cells calls for), and hot spots are connected cells at a false discovery rate of ${analysis.alpha}.`
  );
}

export const limits: readonly string[] = [
  "Saliency shows what moves the score, not what causes a disease; no zone was occluded to check that the prediction hangs on it.",
  "The shares of an image sum to one: a gain in one zone is a loss in the others. Read the largest effect first.",
  "Groups of maps come from one model a fold and one seed; how far they would change with another seed is not told here.",
  "A cell of Grad-CAM sees more of the image than its own square, and feature maps overlap: Moran's I and hot spots of single maps describe the map, and are no proof of anatomy.",
  "A bigger lesion leaves less elsewhere and fills more cells; density guards against the size of a zone, not against everything that goes with size.",
];
