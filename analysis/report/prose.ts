/** @file What the report says of its methods and of its limits. */
import { binaryClasses } from "../../src/config/data.ts";
import type { AttributionConfig } from "../../src/config/explain.ts";
import type { Biomarkers } from "../../src/config/biomarkers.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import { percent } from "../../src/util/format-number.ts";

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

/** How maps were made and tested. */
export function explanationText({ data, analysis, explain }: StudyConfig, { permutations }: Biomarkers): string {
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

/** How held-out predictions were scored. */
export function evaluationText({ analysis }: Pick<StudyConfig, "analysis">, { classes, comparisons, repeats, seeds }: Evaluation): string {
  const means = repeats * seeds > 1 ? ` Every estimate is the mean over ${repeats * seeds} trainings.` : "";
  const compared =
    comparisons.length > 0
      ? ` Arms are compared paired on the same images: by exchanging ranks within groups (${analysis.permutations} permutations; Holm's correction over all comparisons), by DeLong's test, which takes images as independent, and by the corrected resampled t over folds (Nadeau & Bengio 2003).`
      : "";
  return (
    `Each image is scored by the model of the fold that holds it out; the scores of all folds are pooled.${means} The positive class is ${classes[1]}. Intervals are percentiles (95 %) of ${analysis.bootstraps} bootstraps over groups, drawn for all trainings together: ` +
    `they tell how far these trained models' results would change with other patients to test on. "Trained anew" is of pairs within a fold, which one model ranks, and tells how far that AUROC would change if other patients trained the models too: its interval is widened for what folds share (Nadeau & Bengio 2003). ` +
    `AUROC and curves of ranking use raw scores; Brier score, log loss, calibration and decision curves use probabilities after the temperature that the inner split chose (Guo et al. 2017). The calibration error has bins of equal mass.${compared}`
  );
}

/** What holds whatever was found. */
const evaluationLimits: readonly string[] = [
  "All held-out images come from the data set that also trained: how the models fare at other hospitals, with other scanners and other readers is not told here.",
  "Labels are the data set's: where they are wrong, so is every number.",
  "Sensitivity and specificity at fixed rates are read off the held-out curve itself, so they are a little better than a threshold chosen beforehand would be.",
];

const saliencyLimits: readonly string[] = [
  "Saliency shows what moves the score, not what causes a disease; no zone was occluded to check that the prediction hangs on it.",
  "The shares of an image sum to one: a gain in one zone is a loss in the others. Read the largest effect first.",
  "Groups of maps come from one model a fold and one seed; how far they would change with another seed is not told here.",
  "A cell of Grad-CAM sees more of the image than its own square, and feature maps overlap: Moran's I and hot spots of single maps describe the map, and are no proof of anatomy.",
  "A bigger lesion leaves less elsewhere and fills more cells; density guards against the size of a zone, not against everything that goes with size.",
];

/** @param analysed whether there are maps to speak of */
export const limits = (analysed: boolean): string[] => [...evaluationLimits, ...(analysed ? saliencyLimits : [])];
