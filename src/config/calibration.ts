/** @file What a fold's inner split chose for its model: temperature, thresholds, number of epochs. */
import { z } from "zod";

export const thresholdRuleSchema = z.enum(["youden", "cost"]);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;

/** File of a fine-tuning run that holds it. */
export const CALIBRATION_FILE = "calibration.json";

export const calibrationSchema = z.strictObject({
  /** logits are divided by it before the softmax (Guo et al. 2017, arXiv 1706.04599, §4.2) */
  temperature: z.number().positive(),
  /** on the calibrated probability of the positive class: at or above it is called positive */
  thresholds: z.record(thresholdRuleSchema, z.number()),
  /** epochs that the model was trained for */
  epochs: z.int().nullable(),
  /** the images that chose, none of which the first training saw, and their groups */
  images: z.int(),
  groups: z.int(),
  /** of the first training, on these images */
  auroc: z.number().nullable(),
  logLoss: z.number(),
});
export type Calibration = z.infer<typeof calibrationSchema>;
