/** @file Stage 2: fine-tuning under cross-validation. */
import { z } from "zod";
import { initialisationSchema, labelShareSchema, protocolSchema } from "./arm.ts";
import { augmentSchema } from "./augment.ts";
import { optimiserSchema } from "./optimiser.ts";

const distinct = <T>(values: readonly T[]): boolean => new Set(values).size === values.length;

/** How a fold's own training images choose: never by what the fold holds out. */
export const innerSplitSchema = z.strictObject({
  folds: z
    .int()
    .min(0)
    .max(20)
    .default(5)
    .refine((folds) => folds !== 1, "an inner split needs 2 folds or more; 0 makes none")
    .describe(
      "grouped parts of the training images, one of which is set aside in a first training that chooses temperature, thresholds and, where asked, the number of epochs; the model is then trained on all of them. 0: no first training, nothing is chosen",
    ),
  patience: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "epochs without a better log loss on the part that is set aside, after which the first training stops; 0: it never stops early",
    ),
  falseNegativeCost: z
    .number()
    .positive()
    .default(1)
    .describe("what a missed positive costs, in false positives; the cost threshold is chosen for it"),
});

export const finetuneSchema = z.strictObject({
  protocols: z
    .array(protocolSchema)
    .min(1)
    .refine(distinct, "each protocol once")
    .refine(
      (protocols) => protocols[0] !== "knn",
      "the first protocol is explained and analysed, and knn has no saliency: put another first",
    )
    .default(["finetune"])
    .describe("how an encoder becomes a classifier; the first one is explained and analysed"),
  initialisations: z
    .array(initialisationSchema)
    .min(1)
    .refine(distinct, "each initialisation once")
    .default(["pretrained", "scratch"])
    .describe("where the encoder's weights come from; the first one is explained and analysed"),
  labelShares: z
    .array(labelShareSchema)
    .min(1)
    .refine(distinct, "each share once")
    .default([1])
    .describe("how many of the training labels are used; the first one is explained and analysed"),
  seeds: z.int().min(1).max(50).default(1).describe("trainings of each fold that differ by chance alone; results are means over them"),
  checkpoint: z
    .string()
    .default("")
    .describe(
      "folder with encoder.safetensors and config.json, as a pretraining stores them under model/; for the initialisation checkpoint",
    ),
  inner: innerSplitSchema.prefault({}),
  epochs: z.int().positive().default(40).describe("passes over the training folds; the last epoch is reported"),
  batchSize: z.int().min(2).default(32).describe("images a step"),
  augment: augmentSchema.prefault({ cropScale: [0.7, 1] }),
  optimiser: optimiserSchema.prefault({ learningRate: 0.02, weightDecay: 1e-3 }),
  headRate: z.number().positive().default(5).describe("learning rate of the new head, as a multiple of the encoder's"),
  layerDecay: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe(
      "learning rate of each stage of the encoder (each block of efficientnet-lite0) as a share of the rate of the one above it, from the head down; 1: all alike",
    ),
  classWeights: z
    .enum(["balanced", "none"])
    .default("balanced")
    .describe("balanced: every class has the same share of the loss; none: every image has"),
  mixUp: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      "alpha of mix-up: each image is mixed with another of its batch, their labels too, in shares from Beta(alpha, alpha); 0: never",
    ),
  labelSmoothing: z.number().min(0).lt(1).default(0).describe("share of each label that is spread evenly over all classes"),
  maskWeight: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of a second task in training, to tell the lesion's mask from the last feature map; images without a mask have no part in it; 0: no such task",
    ),
  maskLoss: z
    .enum(["cross-entropy", "cross-entropy-dice"])
    .default("cross-entropy")
    .describe("loss of that task: cross-entropy of each cell, or its sum with the Dice loss"),
  testTimeViews: z
    .int()
    .min(1)
    .max(12)
    .default(1)
    .describe("views of a held-out image whose logits are averaged: the image, its mirror image, then light crops and their mirror images"),
});
export type FinetuneConfig = z.infer<typeof finetuneSchema>;
