/** @file What a checkpoint is a checkpoint of: `model/config.json` beside the weights. */
import { z } from "zod";
import { encoderSchema } from "./encoder.ts";
import { armSchema } from "./arm.ts";
import { calibrationSchema } from "./calibration.ts";

export const encoderModelSchema = z.strictObject({
  encoder: encoderSchema,
  imageSize: z.int().positive(),
  fold: z.int().min(0),
});
export type EncoderModel = z.infer<typeof encoderModelSchema>;

export const classifierModelSchema = encoderModelSchema.extend({
  /** the positive class last */
  classes: z.array(z.string()).min(2),
  arm: armSchema,
  /** what the inner split chose; null where there was none */
  calibration: calibrationSchema.nullable(),
});
export type ClassifierModel = z.infer<typeof classifierModelSchema>;
