/** @file Which images, at which size, in how many folds. */
import { z } from "zod";
import { splitSchema } from "./split.ts";

/** The values of the target that a class stands for. */
export const valuesOf = (name: string): string[] => name.split("|");

/** What binary results are about: the last class, and all others together. */
export const binaryClasses = (classes: readonly string[]): [negative: string, positive: string] => [
  classes.slice(0, -1).join(" or "),
  classes[classes.length - 1],
];

export const dataSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe("`reader:path` (for example busi:data/Dataset_BUSI_with_GT), or a path alone: then the layout is recognised"),
  imageSize: z
    .union([z.literal(32), z.literal(64), z.literal(96), z.literal(128), z.literal(224)])
    .default(64)
    .describe("side of the square frames, in pixels; the aspect ratio is kept and the rest is padded"),
  target: z
    .string()
    .min(1)
    .default("label")
    .describe("what is predicted: label, or a column of the data set's own tables, such as birads (`sonomark data info` lists them)"),
  classes: z
    .array(z.string().min(1))
    .min(2)
    .max(20)
    .refine(
      (classes) => new Set(classes.flatMap(valuesOf)).size === classes.flatMap(valuesOf).length,
      "each value may be in one class, once",
    )
    .default(["benign", "malignant"])
    .describe(
      "the classes, the positive one last; `4A|4B` is one class of two values; images of other classes are left out. Where there are more than two, sensitivity and saliency are of the last against all others",
    ),
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
  repeats: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe(
      "deals of repeated cross-validation, from split.repeat upwards; each pretrains and trains anew, and results are means over them",
    ),
  folds: z.int().min(2).max(20).default(3).describe("cross-validation folds; official, site and file splits bring their own number"),
  split: splitSchema.default({ name: "grouped", repeat: 0 }),
});
export type DataConfig = z.infer<typeof dataSchema>;
