/** @file Stage 1: self-supervised pretraining. One schema member a method. */
import { z } from "zod";
import { augmentSchema } from "./augment.ts";
import { optimiserSchema } from "./optimiser.ts";

const projectionHidden = z.int().positive().default(128).describe("width of the projector's hidden layer");
const projectionSize = z.int().positive().default(64).describe("size of the embedding in the loss");
const maskGroups = z.boolean().default(true).describe("remove views of the same group (patient) from the negatives");

export const simclrSchema = z.strictObject({
  name: z.literal("simclr"),
  temperature: z.number().positive().default(0.2).describe("NT-Xent temperature"),
  projectionHidden,
  projectionSize,
  maskGroups,
  decoupled: z.boolean().default(false).describe("leave the partner out of the denominator (DCL)"),
  sigma: z.number().min(0).default(0).describe("weigh pairs far apart more, with this width (DCLW; the paper's is 0.5); 0 is off"),
});
export type SimclrConfig = z.infer<typeof simclrSchema>;

export const byolSchema = z.strictObject({
  name: z.literal("byol"),
  projectionHidden,
  projectionSize,
  tau: z.number().min(0).max(1).default(0.99).describe("share of the target that its first update keeps; rises to 1 over the run"),
});
export type ByolConfig = z.infer<typeof byolSchema>;

/** Every method; grows by one member a method. */
export const methodSchema = z.discriminatedUnion("name", [simclrSchema, byolSchema]);
export type MethodConfig = z.infer<typeof methodSchema>;
export type MethodName = MethodConfig["name"];

export const pretrainSchema = z.strictObject({
  method: methodSchema.default(simclrSchema.parse({ name: "simclr" })),
  epochs: z.int().positive().default(60).describe("passes over the unlabelled images"),
  batchSize: z.int().min(2).default(32).describe("images a step; two views each"),
  accumulate: z.int().min(1).max(1024).default(1).describe("batches whose gradients are averaged for one update"),
  positives: z
    .enum(["augment", "clip", "patient"])
    .default("augment")
    .describe("where an image's second view comes from: the image itself, another frame of its clip, or another image of its patient"),
  unlabelled: z
    .array(z.string().min(1))
    .default([])
    .describe("more data sets (`reader:path`) to pretrain on in every fold; images that copy one of the study's are left out"),
  augment: augmentSchema.prefault({}),
  optimiser: optimiserSchema.prefault({}),
  watchEvery: z.int().min(0).default(0).describe("epochs between two looks at the embeddings; 0 is a twentieth of the run"),
  stopOnCollapse: z.boolean().default(false).describe("end the run when its embeddings have collapsed"),
  checkpointMinutes: z.number().min(0).default(5).describe("minutes between two checkpoints; a killed run goes on from the last one"),
});
export type PretrainConfig = z.infer<typeof pretrainSchema>;
