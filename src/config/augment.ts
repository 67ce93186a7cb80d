/** @file Augmentations for B-mode: mild crops, horizontal flip, gain, gamma, depth gain, speckle, blur. Vertical order is never changed. */
import { z } from "zod";

const probability = (value: number, what: string) => z.number().min(0).max(1).default(value).describe(what);

export const augmentSchema = z.strictObject({
  cropScale: z
    .tuple([z.number().positive().max(1), z.number().positive().max(1)])
    .default([0.5, 1])
    .describe("smallest and largest share of the area that a random crop keeps"),
  flip: probability(0.5, "probability of a left-right flip"),
  gain: z.number().min(0).max(1).default(0.3).describe("largest relative change of brightness"),
  gamma: z.number().min(0).max(1).default(0.3).describe("largest absolute log2 of the exponent applied to grey levels"),
  depthGain: z.number().min(0).max(1).default(0.3).describe("largest relative gain change from top to bottom (TGC)"),
  speckle: z.number().min(0).max(1).default(0.1).describe("standard deviation of multiplicative speckle"),
  blur: probability(0.3, "probability of a 3 × 3 binomial blur"),
});
export type AugmentConfig = z.infer<typeof augmentSchema>;
