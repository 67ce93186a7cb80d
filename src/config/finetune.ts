/** @file Stage 2: fine-tuning under cross-validation. */
import { z } from "zod";
import { augmentSchema } from "./augment.ts";
import { optimiserSchema } from "./optimiser.ts";

export const initialisationSchema = z.enum(["pretrained", "scratch"]);
export type Initialisation = z.infer<typeof initialisationSchema>;

export const finetuneSchema = z.strictObject({
  initialisations: z
    .array(initialisationSchema)
    .min(1)
    .default(["pretrained", "scratch"])
    .describe("where the encoder's weights come from; the first one is explained and analysed"),
  epochs: z.int().positive().default(40).describe("passes over the training folds; the last epoch is reported"),
  batchSize: z.int().min(2).default(32).describe("images a step"),
  augment: augmentSchema.prefault({ cropScale: [0.7, 1] }),
  optimiser: optimiserSchema.prefault({ learningRate: 0.02, weightDecay: 1e-3 }),
  headRate: z.number().positive().default(5).describe("learning rate of the new head, as a multiple of the encoder's"),
});
export type FinetuneConfig = z.infer<typeof finetuneSchema>;
