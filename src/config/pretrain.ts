/** @file Stage 1: self-supervised pretraining. One schema member a method. */
import { z } from "zod";
import { augmentSchema } from "./augment.ts";
import { optimiserSchema } from "./optimiser.ts";

export const simclrSchema = z.strictObject({
  name: z.literal("simclr"),
  temperature: z.number().positive().default(0.2).describe("NT-Xent temperature"),
  projectionHidden: z.int().positive().default(128).describe("width of the projector's hidden layer"),
  projectionSize: z.int().positive().default(64).describe("size of the embedding in the loss"),
  maskGroups: z.boolean().default(true).describe("remove views of the same group (patient) from the negatives"),
});
export type SimclrConfig = z.infer<typeof simclrSchema>;

/** Every method; grows by one member a method. */
export const methodSchema = z.discriminatedUnion("name", [simclrSchema]);
export type MethodConfig = z.infer<typeof methodSchema>;
export type MethodName = MethodConfig["name"];

export const pretrainSchema = z.strictObject({
  method: methodSchema.default(simclrSchema.parse({ name: "simclr" })),
  epochs: z.int().positive().default(60).describe("passes over the unlabelled images"),
  batchSize: z.int().min(2).default(32).describe("images a step; two views each"),
  augment: augmentSchema.prefault({}),
  optimiser: optimiserSchema.prefault({}),
});
export type PretrainConfig = z.infer<typeof pretrainSchema>;
