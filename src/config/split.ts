/** @file How images are split into the folds of cross-validation. One schema member a kind. */
import { z } from "zod";

export const groupedSplitSchema = z
  .strictObject({
    name: z.literal("grouped"),
    repeat: z.int().min(0).max(999).default(0).describe("which deal of repeated cross-validation; each number deals the groups anew"),
  })
  .meta({ title: "Grouped", description: "groups dealt to folds by the seed" });

export const officialSplitSchema = z
  .strictObject({
    name: z.literal("official"),
    of: z.string().min(1).describe("name of a split that the data set ships with; each of its parts is held out once"),
  })
  .meta({ title: "Official", description: "the parts that the data set's authors published" });

export const siteSplitSchema = z
  .strictObject({ name: z.literal("site") })
  .meta({ title: "Leave one site out", description: "each hospital or scanner is held out once" });

export const fileSplitSchema = z
  .strictObject({
    name: z.literal("file"),
    path: z.string().min(1).describe("table with the columns image, group and fold, as `sonomark data folds --out` writes it"),
  })
  .meta({ title: "File", description: "folds read from a table" });

export const splitSchema = z.discriminatedUnion("name", [groupedSplitSchema, officialSplitSchema, siteSplitSchema, fileSplitSchema]);
export type SplitConfig = z.infer<typeof splitSchema>;
