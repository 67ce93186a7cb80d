/** @file Which images, at which size, in how many folds. */
import { z } from "zod";
import { splitSchema } from "./split.ts";

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
  duplicates: z
    .enum(["near", "exact"])
    .default("near")
    .describe("what counts as one picture and stays in one group: re-cropped, re-scaled and re-annotated copies too, or equal pixels only"),
  groups: z
    .string()
    .default("")
    .describe(
      "table with the columns image and group that decides groups instead of the data set, as `sonomark data groups --out` writes it",
    ),
  folds: z.int().min(2).max(20).default(3).describe("cross-validation folds; official, site and file splits bring their own number"),
  split: splitSchema.default({ name: "grouped", repeat: 0 }),
});
export type DataConfig = z.infer<typeof dataSchema>;
