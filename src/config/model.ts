/** @file What a checkpoint is a checkpoint of: `model/config.json` beside the weights. */
import { z } from "zod";
import { encoderSchema } from "./encoder.ts";
import { initialisationSchema } from "./finetune.ts";

export const encoderModelSchema = z.strictObject({
  encoder: encoderSchema,
  imageSize: z.int().positive(),
  fold: z.int().min(0),
});
export type EncoderModel = z.infer<typeof encoderModelSchema>;

export const classifierModelSchema = encoderModelSchema.extend({
  /** negative class first */
  classes: z.array(z.string()).length(2),
  initialisation: initialisationSchema,
});
export type ClassifierModel = z.infer<typeof classifierModelSchema>;
