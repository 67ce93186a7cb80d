/** @file Baselines beside the models of a study: what can be told of the class without a network, on the same folds. */
import { z } from "zod";
import { intervalSchema } from "./interval.ts";

export const baselineNameSchema = z.enum(["majority", "metadata", "coarse-shape", "smoothed-shape", "full-shape", "echo"]);
export type BaselineName = z.infer<typeof baselineNameSchema>;

export const baselineSchema = z.strictObject({
  name: baselineNameSchema,
  title: z.string().describe("for people: majority class, coarse lesion shape"),
  note: z.string().describe("what a reader must know to judge it"),
  features: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      /** how often a positive image has the greater value, without a model; below 0.5 positives have lesser ones; null for categories, and where values are missing or all equal */
      auroc: intervalSchema.nullable(),
    }),
  ),
  images: z.int().describe("images that it is judged on"),
  groups: z.int(),
  positives: z.int(),
  missing: z.int().describe("images of the study without what it needs, such as a lesion mask: left out of its training and of its test"),
  /** means over deals; null where its images are of one class */
  performance: z
    .strictObject({
      /** pooled out-of-fold AUROC with a group-bootstrap interval */
      auroc: intervalSchema,
      /** AUROC over pairs of one fold, with an interval for fitting anew on other patients, as models have it; null where no fold holds both classes */
      procedureAuroc: intervalSchema.nullable(),
      brier: intervalSchema,
    })
    .nullable(),
  /** the study's first arm on the same images, minus the baseline, paired by group; null where either has no AUROC, or there is no arm */
  against: z
    .strictObject({
      arm: z.string(),
      /** of the arm, on the baseline's images */
      auroc: intervalSchema,
      delta: intervalSchema,
      /** by exchange of ranks within groups */
      p: z.number(),
      /** Holm over all baselines */
      pHolm: z.number(),
      sentence: z.string(),
    })
    .nullable(),
});
export type Baseline = z.infer<typeof baselineSchema>;
