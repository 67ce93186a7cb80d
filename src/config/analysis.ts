/** @file Stage 3: hot spots, spatial statistics and the biomarker table. */
import { z } from "zod";

export const analysisSchema = z.strictObject({
  permutations: z.int().min(99).max(99_999).default(999).describe("permutations behind every p-value"),
  alpha: z.number().positive().max(0.5).default(0.05).describe("level of hot spots (Benjamini-Hochberg) and of verdicts (Holm)"),
  neighbours: z.enum(["rook", "queen"]).default("queen").describe("cells that count as neighbours"),
  rim: z.number().positive().max(2).default(0.35).describe("width of the zone around the lesion, in equivalent diameters"),
  behind: z.number().positive().max(3).default(1).describe("length of the zone behind the lesion, in equivalent diameters"),
  bootstraps: z.int().min(100).max(20_000).default(1000).describe("group bootstraps behind every interval"),
});
export type AnalysisConfig = z.infer<typeof analysisSchema>;
