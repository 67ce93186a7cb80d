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
  projectionNorm: z
    .boolean()
    .default(false)
    .describe(
      "scale each dimension of the projection over the batch, as SimSiam does, so that no few dimensions say it all; the paper has none",
    ),
  projectionHidden,
  projectionSize,
  tau: z.number().min(0).max(1).default(0.99).describe("share of the target that its first update keeps; rises to 1 over the run"),
});
export type ByolConfig = z.infer<typeof byolSchema>;

const queueOfKeys = "keys of earlier batches; 0 is as many as the set has beside a batch, at most 4096";
export const mocoSchema = z.strictObject({
  name: z.literal("moco"),
  temperature: z.number().positive().default(0.2).describe("temperature of the softmax over keys"),
  projectionHidden,
  projectionSize,
  tau: z.number().min(0).max(1).default(0.99).describe("share of the key encoder that an update keeps"),
  queue: z.int().min(0).default(0).describe(queueOfKeys),
  maskGroups,
});
export type MocoConfig = z.infer<typeof mocoSchema>;

export const simsiamSchema = z.strictObject({
  name: z.literal("simsiam"),
  projectionSize: projectionSize.default(128).describe("size of the embedding, and width of the projector's hidden layers"),
  predictionHidden: z.int().positive().default(32).describe("width of the predictor's bottleneck"),
});
export type SimsiamConfig = z.infer<typeof simsiamSchema>;

export const swavSchema = z.strictObject({
  name: z.literal("swav"),
  temperature: z.number().positive().default(0.1).describe("temperature of the softmax over prototypes"),
  prototypes: z.int().min(0).default(0).describe("how many; 0 is one for about ten images"),
  epsilon: z
    .number()
    .positive()
    .default(0.03)
    .describe("entropy of the assignments; the smaller, the harder they are (the paper's is 0.05)"),
  iterations: z.int().min(1).max(20).default(3).describe("rounds of Sinkhorn's normalisation"),
  freezeEpochs: z.number().min(0).default(1).describe("epochs in which prototypes stand still"),
  queue: z.int().min(0).default(0).describe("embeddings of earlier batches that take part in the assignment; 0 is none"),
  queueFromEpoch: z.number().min(0).default(15).describe("epoch from which the queue is used, once it is full"),
  projectionHidden,
  projectionSize,
});
export type SwavConfig = z.infer<typeof swavSchema>;

const scale = (value: number) => z.number().positive().default(value).describe("factor on the loss: its weights against the learning rate");
export const barlowTwinsSchema = z.strictObject({
  name: z.literal("barlow-twins"),
  projectionHidden,
  projectionSize,
  lambda: z.number().positive().default(0.005).describe("weight of correlations between features"),
  scale: scale(0.02),
});
export type BarlowTwinsConfig = z.infer<typeof barlowTwinsSchema>;

export const vicregSchema = z.strictObject({
  name: z.literal("vicreg"),
  projectionHidden,
  projectionSize,
  invariance: z.number().min(0).default(25).describe("weight of the distance between views"),
  variance: z.number().min(0).default(25).describe("weight of the spread of each feature"),
  covariance: z.number().min(0).default(1).describe("weight of covariances between features"),
  scale: scale(0.1),
});
export type VicregConfig = z.infer<typeof vicregSchema>;

/** Every method; grows by one member a method. */
export const methodSchema = z.discriminatedUnion("name", [
  simclrSchema,
  mocoSchema,
  byolSchema,
  simsiamSchema,
  swavSchema,
  barlowTwinsSchema,
  vicregSchema,
]);
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
