/** @file Optimiser and schedule of a training loop. */
import { z } from "zod";

export const optimiserSchema = z.strictObject({
  name: z.enum(["sgd", "adamw"]).default("sgd").describe("update rule"),
  learningRate: z.number().positive().default(0.05).describe("peak learning rate"),
  momentum: z.number().min(0).max(1).default(0.9).describe("SGD momentum (ignored by adamw)"),
  weightDecay: z.number().min(0).default(1e-4).describe("decay of weights; never of norms and biases"),
  warmupShare: z.number().min(0).max(1).default(0.1).describe("share of the steps that warm the learning rate up"),
});
export type OptimiserConfig = z.infer<typeof optimiserSchema>;
