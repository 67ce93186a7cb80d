/** @file The results of the analyse task, that CLI, API, page and report read: zones, the biomarker table, hot spots. */
import { z } from "zod";
import { intervalSchema } from "./interval.ts";

/** Zones from the lesion outwards; src/image/zones.ts says where each lies. */
export const zoneSchema = z.enum([
  "lesion",
  "inner-rim",
  "outer-rim",
  "behind",
  "in-front",
  "skin",
  "flanks",
  "far-field",
  "artefacts",
  "elsewhere",
]);
export type Zone = z.infer<typeof zoneSchema>;

/**
 * What is compared between classes: `share` of the map's absolute mass in the zone, or `density` = that share over the zone's
 * share of area. A bigger lesion has a bigger share by its size alone; a density does not rise for that reason.
 */
export const measureSchema = z.enum(["share", "density"]);
export type Measure = z.infer<typeof measureSchema>;

/** One row of the biomarker table: where the saliency of one method lies, by class. Groups are the unit. */
export const biomarkerRowSchema = z.strictObject({
  method: z.string(),
  zone: zoneSchema,
  measure: measureSchema,
  /** mean share of the map's absolute mass in the zone, over groups of each class (0–1) */
  shareNegative: z.number(),
  sharePositive: z.number(),
  /** mean share of the frame's area in the zone (0–1): what a map without structure would give */
  areaNegative: z.number(),
  areaPositive: z.number(),
  /** mean density over groups of each class: 1 is what a map without structure would give */
  densityNegative: z.number(),
  densityPositive: z.number(),
  /** Cliff's delta of the measure, positive class against negative, with a group-bootstrap interval */
  effect: intervalSchema,
  /** two-sided, labels permuted over groups */
  p: z.number(),
  /** Holm over all rows of the table */
  pHolm: z.number(),
  verdict: z.string(),
});
export type BiomarkerRow = z.infer<typeof biomarkerRowSchema>;

/** What spatial statistics say of one method's maps, over images. */
export const spatialSummarySchema = z.strictObject({
  method: z.string(),
  rows: z.int(),
  columns: z.int(),
  images: z.int(),
  meanMoran: z.number(),
  /** share of images whose Moran's I has permutation p ≤ alpha on native cells */
  shareAutocorrelated: z.number(),
  /** mean number of hot spots an image (Gi*, BH at alpha), by class */
  hotSpotsNegative: z.number(),
  hotSpotsPositive: z.number(),
  /** share of hot spots whose centre lies in each zone */
  hotSpotZones: z.record(zoneSchema, z.number()),
});
export type SpatialSummary = z.infer<typeof spatialSummarySchema>;

/** `biomarkers.json` of the analyse task. */
export const biomarkersSchema = z.strictObject({
  classes: z.array(z.string()).length(2),
  groupsNegative: z.int(),
  groupsPositive: z.int(),
  permutations: z.int(),
  /** level of the verdicts */
  alpha: z.number(),
  /** how verdicts are given, in words */
  rule: z.string(),
  table: z.array(biomarkerRowSchema),
  spatial: z.array(spatialSummarySchema),
});
export type Biomarkers = z.infer<typeof biomarkersSchema>;

/** A hot spot: connected native cells that Gi* finds at the BH level. Lengths in frame pixels. */
export const hotSpotSchema = z.strictObject({
  row: z.number().describe("centre of mass, frame pixels from the top"),
  column: z.number().describe("centre of mass, frame pixels from the left"),
  cells: z.int(),
  area: z.number().describe("share of the frame"),
  mass: z.number().describe("share of the map's absolute mass"),
  zone: zoneSchema.nullable().describe("zone of the centre, null without a lesion mask"),
  distance: z.number().nullable().describe("from the lesion's centre, in equivalent diameters"),
  bearing: z.number().nullable().describe("degrees clockwise from up, from the lesion's centre"),
});
export type HotSpot = z.infer<typeof hotSpotSchema>;
