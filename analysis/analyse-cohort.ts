/** @file From a cohort's maps to its results: zone shares, spatial statistics and hot spots of each image, and the biomarker table. */
import type { AnalysisConfig } from "../src/config/analysis.ts";
import type { Biomarkers, HotSpot, SpatialSummary } from "../src/config/biomarkers.ts";
import { zoneNames } from "../src/image/zones.ts";
import { rngOf } from "../src/util/rng.ts";
import { biomarkerTable, groupValues, type ZoneObservation } from "./biomarker-table.ts";
import type { Cohort, CohortMethod } from "./cohort.ts";
import { imageSpatial, spatialSummary, type SpatialObservation } from "./spatial-summary.ts";
import { verdictRule } from "./verdict.ts";
import { cellZones, zoneShares, type ZoneShares } from "./zone-shares.ts";

/** What is said of one image by one method; a row of spatial.csv. */
export interface ImageResult extends SpatialObservation {
  method: string;
  image: string;
  group: string;
  /** undefined without a lesion mask, and for a map that is 0 everywhere */
  zones: ZoneShares | undefined;
}

export interface CohortResults {
  biomarkers: Biomarkers;
  images: ImageResult[];
}

export interface CohortOptions {
  classes: readonly [string, string];
  analysis: AnalysisConfig;
  seed: number;
  /** told after each image and method */
  advance?: (done: number, total: number, method: string) => Promise<void>;
}

export async function analyseCohort(cohort: Cohort, { classes, analysis, seed, advance }: CohortOptions): Promise<CohortResults> {
  const images: ImageResult[] = [];
  const spatial: SpatialSummary[] = [];
  const tested: { method: string; observations: ZoneObservation[] }[] = [];
  for (const method of cohort.methods) {
    const results: ImageResult[] = [];
    for (let i = 0; i < cohort.images.length; i++) {
      results.push(imageResult(cohort, method, i, analysis, seed));
      await advance?.(images.length + results.length, cohort.methods.length * cohort.images.length, method.method);
    }
    images.push(...results);
    spatial.push(spatialSummary(method.method, method.maps, results, analysis.alpha));
    tested.push({
      method: method.method,
      observations: results.flatMap(({ group, label, zones }) => (zones ? { group, label, ...zones } : [])),
    });
  }
  const groups = groupValues(tested[0]?.observations ?? []);
  const { permutations, bootstraps, alpha } = analysis;
  const table = biomarkerTable(tested, { permutations, bootstraps, alpha, seed });
  return {
    images,
    biomarkers: {
      classes: [...classes],
      groupsNegative: groups.filter(({ label }) => label === 0).length,
      groupsPositive: groups.filter(({ label }) => label === 1).length,
      permutations,
      alpha,
      rule: verdictRule(alpha, permutations, table.length),
      table,
      spatial,
    },
  };
}

function imageResult(
  { size, images }: Cohort,
  { method, maps }: CohortMethod,
  i: number,
  analysis: AnalysisConfig,
  seed: number,
): ImageResult {
  const { id, group, label, zones, lesion } = images[i];
  const { rows, columns } = maps;
  const values = maps.values.subarray(i * rows * columns, (i + 1) * rows * columns);
  const grid = { size, rows, columns };
  const cells = cellZones(zones, grid);
  const rng = rngOf(seed, "analyse", "spatial", method, id);
  const spatial = imageSpatial({ values, grid, used: cells.used, zones: lesion ? zones : null, lesion }, { ...analysis, rng });
  return { method, image: id, group, label, ...spatial, zones: lesion && zoneShares(values, cells) };
}

type Row = Record<string, string | number | null>;
const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** Rows of spatial.csv. */
export function spatialRows(images: readonly ImageResult[], classes: readonly string[]): Row[] {
  return images.map(({ method, image, group, label, moran, p, spots, zones }) => ({
    method,
    image,
    group,
    label: classes[label],
    moran: known(moran),
    moran_p: p,
    hot_spots: spots.length,
    ...Object.fromEntries(zoneNames.map((zone, z) => [`share_${zone}`, known(zones?.shares[z])])),
    ...Object.fromEntries(zoneNames.map((zone, z) => [`area_${zone}`, known(zones?.areas[z])])),
  }));
}

/** Columns of hot-spots.csv, for a cohort without any. */
export const HOT_SPOT_COLUMNS = [
  "method",
  "image",
  "group",
  "label",
  "row",
  "column",
  "cells",
  "area",
  "mass",
  "zone",
  "distance",
  "bearing",
] as const satisfies ("method" | "image" | "group" | "label" | keyof HotSpot)[];

/** Rows of hot-spots.csv. */
export const hotSpotRows = (images: readonly ImageResult[], classes: readonly string[]): Row[] =>
  images.flatMap(({ method, image, group, label, spots }) =>
    spots.map((spot) => ({ method, image, group, label: classes[label], ...spot })),
  );
