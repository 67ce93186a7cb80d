/** @file Every baseline: what it is called, what it may look at, and what its reader must know. One member a baseline. */
import type { BaselineName } from "../../src/config/baselines.ts";
import type { AuditRow } from "../../src/data/audit/row.ts";
import type { FeatureValue } from "../../src/data/audit/columns.ts";
import { SMOOTHING } from "./lesion-piece.ts";
import type { Measures } from "./measures.ts";
import type { CoarseFeature, OutlineFeature } from "./shape.ts";
import type { EchoFeature } from "./echo.ts";

/** What is known of one image beside its pixels. */
export interface Known {
  /** as the shortcut audit sees it */
  metadata: AuditRow["features"];
  /** null where the image has no lesion mask */
  measures: Measures | null;
}

export interface BaselineKind {
  title: string;
  note: string;
  /** name → unit; of metadata the names are those of the data set */
  units: Readonly<Record<string, string>>;
  /** features of an image by name; null where it has not what the baseline needs */
  features(known: Known): Readonly<Record<string, FeatureValue>> | null;
}

const coarse: Record<CoarseFeature, string> = {
  size: "diameter of the fitted ellipse over the square root of the image's area",
  "height / width": "natural logarithm of the fitted ellipse's height over its width",
  tilt: "degrees between the ellipse's long axis and the skin, 0 to 90",
};
const outline: Record<OutlineFeature, string> = {
  solidity: "area over area of the convex hull",
  convexity: "perimeter of the convex hull over perimeter",
  compactness: "4π area over perimeter squared",
  "perimeter ratio": "perimeter of the fitted ellipse over perimeter",
  "ellipse overlap": "intersection with the fitted ellipse over union",
  roughness: "mean step between radii 2 degrees apart, over the mean radius",
};
const echo: Record<EchoFeature, string> = {
  "lesion mean": "grey levels, 0 to 255",
  "lesion spread": "standard deviation, grey levels",
  "rim mean": "grey levels, 0 to 255",
  "rim spread": "standard deviation, grey levels",
};
const metadataUnits = {
  width: "pixels",
  height: "pixels",
  "black border": "share of the image",
  "annotation share": "share of the image",
  "file size": "bytes",
};
const ONLY_MASKS =
  "Images without a lesion mask are left out of its training and of its test, for having none may itself tell the class; of several lesions the largest is described.";

export const baselineKinds: Record<BaselineName, BaselineKind> = {
  majority: {
    title: "Majority class",
    note: "Says the training folds' share of positives of every image: it ranks nothing, and its Brier score is what a model must come below.",
    units: {},
    features: () => ({}),
  },
  metadata: {
    title: "Metadata alone",
    note: "Size, border, drawn marks, file and device, nothing of the tissue: what it reaches above chance, a network can reach by a shortcut.",
    units: metadataUnits,
    features: ({ metadata }) => metadata,
  },
  "coarse-shape": {
    title: "Coarse lesion shape",
    note: `The ellipse that has the mask's second moments: its size, height over width and tilt, which the style of drawing hardly touches. It needs a mask that a person drew. ${ONLY_MASKS}`,
    units: coarse,
    features: ({ measures }) => measures && measures.coarse,
  },
  "smoothed-shape": {
    title: "Smoothed lesion shape",
    note: `Ellipse and outline after blurring the mask by a Gaussian of ${SMOOTHING} lesion diameters and cutting it at one half: lobes stay, jags go. A style that is not in jags is left, such as benign lesions that were traced as ellipses. ${ONLY_MASKS}`,
    units: { ...coarse, ...outline },
    features: ({ measures }) => measures && measures.smoothed,
  },
  "full-shape": {
    title: "Full lesion shape",
    note: `Ellipse and outline of the mask as it was drawn. Where benign lesions were traced smoothly and malignant ones jaggedly, as those of BUSI seem to be, it reads the hand that drew as well as the lesion: an annotation artefact, and no bar for a model that sees no mask. ${ONLY_MASKS}`,
    units: { ...coarse, ...outline },
    features: ({ measures }) => measures && { ...measures.coarse, ...measures.outline },
  },
  echo: {
    title: "Brightness in and around the lesion",
    note: `Grey levels in the fitted ellipse, and in a rim of 0.35 lesion diameters around it, without drawn marks. They depend on gain and device as well as on tissue. ${ONLY_MASKS}`,
    units: echo,
    features: ({ measures }) => measures && measures.echo,
  },
};
