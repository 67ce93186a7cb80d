/** @file Which images, at which size, in how many folds. */
import { z } from "zod";

export const dataSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe("`reader:path` (for example busi:data/Dataset_BUSI_with_GT), or a path alone: then the layout is recognised"),
  imageSize: z
    .union([z.literal(32), z.literal(64), z.literal(96), z.literal(128), z.literal(224)])
    .default(64)
    .describe("side of the square frames, in pixels; the aspect ratio is kept and the rest is padded"),
  classes: z
    .array(z.string())
    .length(2)
    .default(["benign", "malignant"])
    .describe("the two classes, negative first; images of other classes are left out"),
  folds: z.int().min(2).max(20).default(3).describe("cross-validation folds, grouped and stratified"),
});
export type DataConfig = z.infer<typeof dataSchema>;
