/** @file A study: everything that decides its result, in one value. Experiments are literals that satisfy its input type. */
import { z } from "zod";
import { armsOf } from "./arm.ts";
import { analysisSchema } from "./analysis.ts";
import { dataSchema } from "./data.ts";
import { encoderSchema } from "./encoder.ts";
import { explainSchema } from "./explain.ts";
import { finetuneSchema } from "./finetune.ts";
import { pretrainSchema } from "./pretrain.ts";

export const studySchema = z
  .strictObject({
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
  })
  .refine(({ data }) => data.repeats === 1 || data.split.name === "grouped", {
    path: ["data", "repeats"],
    error: "only a grouped split can be dealt anew: set it to 1, or data.split.name to grouped",
  })
  .refine(({ finetune }) => armsOf(finetune).length > 0, {
    path: ["finetune", "initialisations"],
    error: "scratch-long needs the protocol finetune: nothing is trained longer where only a head is fitted",
  });
export type StudyConfig = z.infer<typeof studySchema>;
export type StudyInput = z.input<typeof studySchema>;
