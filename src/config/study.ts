/** @file A study: everything that decides its result, in one value. Experiments are literals that satisfy its input type. */
import { z } from "zod";
import { analysisSchema } from "./analysis.ts";
import { dataSchema } from "./data.ts";
import { encoderSchema } from "./encoder.ts";
import { explainSchema } from "./explain.ts";
import { finetuneSchema } from "./finetune.ts";
import { pretrainSchema } from "./pretrain.ts";

export const studySchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "use lower-case letters, digits, '.', '_' and '-'")
    .describe("name of the study and of its MLflow experiment"),
  description: z.string().default("").describe("one sentence for the run's note"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("the only source of randomness"),
  threads: z.int().min(1).max(64).default(1).describe("TensorFlow threads a task; part of what makes results bit-equal"),
  transductive: z
    .boolean()
    .default(false)
    .describe("pretrain on all images, held-out ones included (without labels); the report then says so in its first line"),
  data: dataSchema,
  encoder: encoderSchema.prefault({}),
  pretrain: pretrainSchema.prefault({}),
  finetune: finetuneSchema.prefault({}),
  explain: explainSchema.prefault({}),
  analysis: analysisSchema.prefault({}),
});
export type StudyConfig = z.infer<typeof studySchema>;
export type StudyInput = z.input<typeof studySchema>;
