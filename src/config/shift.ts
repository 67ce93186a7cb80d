/** @file `shift.json` of an external test: how the other data set differs from the study's, each number with its meaning in words. */
import { z } from "zod";
import { intervalSchema } from "./interval.ts";

const factSchema = z.strictObject({
  /** width, height, … */
  name: z.string(),
  unit: z.string(),
  meanStudy: z.number(),
  meanExternal: z.number(),
  sdStudy: z.number(),
  sdExternal: z.number(),
  /** external minus study in pooled standard deviations; null where nothing varies */
  difference: intervalSchema.nullable(),
});
export type ImageFactShift = z.infer<typeof factSchema>;

const scoreShiftSchema = z.strictObject({
  model: z.string(),
  /** all images, or those of one class */
  of: z.string(),
  meanStudy: z.number(),
  meanExternal: z.number(),
  /** largest distance of the two distribution functions */
  ks: z.number(),
  /** area between them, in units of probability */
  wasserstein: z.number(),
  /** of ks, by exchange of groups between the data sets */
  p: z.number(),
});
export type ScoreShift = z.infer<typeof scoreShiftSchema>;

const labelShiftSchema = z.strictObject({
  model: z.string(),
  /** share of positives in the study, as estimated without labels of the other data set, and in truth */
  study: z.number(),
  estimated: intervalSchema,
  external: z.number(),
});
export type LabelShift = z.infer<typeof labelShiftSchema>;

const recalibrationSchema = z.strictObject({
  model: z.string(),
  /** of `logit P = intercept + slope · logit p` fitted on the other data set; 0 and 1 change nothing */
  intercept: z.number(),
  slope: z.number(),
  /** as the models are, and recalibrated by lines fitted to other groups of the same data set */
  logLoss: z.strictObject({ asIs: z.number(), recalibrated: z.number(), gain: intervalSchema }),
  brier: z.strictObject({ asIs: z.number(), recalibrated: z.number(), gain: intervalSchema }),
});
export type Recalibration = z.infer<typeof recalibrationSchema>;

const domainSchema = z.strictObject({
  /** model whose frozen features are told apart */
  model: z.string(),
  imagesStudy: z.int(),
  imagesExternal: z.int(),
  components: z.int(),
  folds: z.int(),
  auroc: intervalSchema,
  /** by exchange of groups between the data sets, the classifier trained anew each time */
  p: z.number(),
  permutations: z.int(),
});
export type DomainShift = z.infer<typeof domainSchema>;

const part = <S extends z.ZodType>(found: S) => z.strictObject({ meaning: z.string(), found });

export const shiftSchema = z.strictObject({
  /** null where the study's images were not there to compare with */
  facts: part(z.array(factSchema)).nullable(),
  prevalence: part(z.strictObject({ study: z.number().nullable(), external: intervalSchema })),
  /** null where the store has no out-of-fold predictions */
  scores: part(z.array(scoreShiftSchema)).nullable(),
  labelShift: part(z.array(labelShiftSchema)).nullable(),
  recalibration: part(z.array(recalibrationSchema)),
  /** null where the study's images were not there, or groups are few */
  domain: part(domainSchema).nullable(),
});
export type Shift = z.infer<typeof shiftSchema>;
