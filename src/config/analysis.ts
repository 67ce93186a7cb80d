/** @file Stage 3: hot spots, spatial statistics and the biomarker table. */
import { z } from "zod";

export const analysisSchema = z
  .strictObject({
    permutations: z.int().min(99).max(99_999).default(999).describe("permutations behind every p-value"),
    alpha: z.number().positive().max(0.5).default(0.05).describe("level of hot spots (Benjamini-Hochberg) and of verdicts (Holm)"),
    neighbours: z.enum(["rook", "queen"]).default("queen").describe("cells that count as neighbours"),
    innerRim: z.number().positive().max(2).default(0.15).describe("width of the inner rim around the lesion, in equivalent diameters"),
    rim: z.number().positive().max(2).default(0.35).describe("width of the inner and the outer rim together, in equivalent diameters"),
    behind: z.number().positive().max(3).default(1).describe("length of the zone behind the lesion, in equivalent diameters"),
    skin: z.number().positive().max(0.5).default(0.07).describe("depth of the skin, as a share of the image's height"),
    bootstraps: z.int().min(100).max(20_000).default(1000).describe("group bootstraps behind every interval"),
  })
  .refine(({ innerRim, rim }) => innerRim < rim, { path: ["innerRim"], error: "must be less than rim, which counts both rims" });
export type AnalysisConfig = z.infer<typeof analysisSchema>;
