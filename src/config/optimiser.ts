/** @file Optimiser and schedule of a training loop. */
import { z } from "zod";

const larsSchema = z.strictObject({
  trust: z.number().positive().default(0.001).describe("share of a tensor's length that a step at learning rate 1 goes"),
  epsilon: z.number().min(0).default(1e-8).describe("added to the gradient's length"),
  clip: z.boolean().default(false).describe("never step further than plain SGD would (LARC)"),
});

export const optimiserSchema = z.strictObject({
  name: z.enum(["sgd", "adamw", "lars"]).default("sgd").describe("update rule"),
  learningRate: z.number().positive().default(0.05).describe("peak learning rate"),
  momentum: z.number().min(0).max(1).default(0.9).describe("momentum of sgd and lars (ignored by adamw)"),
  nesterov: z.boolean().default(false).describe("Nesterov's form of the momentum (ignored by adamw)"),
  weightDecay: z.number().min(0).default(1e-4).describe("decay of weights; never of norms and biases"),
  clipNorm: z.number().min(0).default(0).describe("length at which the whole gradient is clipped; 0 is never"),
  warmupShare: z.number().min(0).max(1).default(0.1).describe("share of the steps that warm the learning rate up"),
  lars: larsSchema.prefault({}).describe("what only lars reads; it leaves norms and biases to plain SGD"),
});
export type OptimiserConfig = z.infer<typeof optimiserSchema>;
