/**
 * @file The biomarker table: does the share (or density) of saliency in a zone go with the class? Groups are the unit.
 * Reference: Cliff 1993, doi:10.1037/0033-2909.114.3.494 (effect); Holm 1979 (correction over every row of the table).
 */
import type { BiomarkerRow, Measure, Zone } from "../src/config/biomarkers.ts";
import { zoneNames } from "../src/image/zones.ts";
import { cliffsDeltaByLabel } from "../src/metrics/cliffs-delta.ts";
import { groupBootstrap, pick } from "../src/metrics/group-bootstrap.ts";
import { groupPermutation } from "../src/metrics/group-permutation.ts";
import { rowsByGroup } from "../src/metrics/groups.ts";
import { holm } from "../src/metrics/holm.ts";
import { mean } from "../src/metrics/moments.ts";
import { rngOf } from "../src/util/rng.ts";
import { verdictOf } from "./verdict.ts";

const MEASURES: readonly Measure[] = ["share", "density"];

/** Where one image's saliency lies. */
export interface ZoneObservation {
  group: string | number;
  /** 0 negative class, 1 positive */
  label: number;
  /** share of absolute mass by zone, [zones], sums to 1 */
  shares: ArrayLike<number>;
  /** share of area by zone, [zones], sums to 1 */
  areas: ArrayLike<number>;
}

export interface BiomarkerOptions {
  permutations: number;
  bootstraps: number;
  alpha: number;
  seed: number;
}

/** One group: its images averaged first. */
interface GroupValues {
  label: number;
  shares: number[];
  areas: number[];
  /** mean share over mean area: a zone that one image lacks does not make the group's density infinite; NaN without area */
  densities: number[];
}

/** Groups of one class each; a group with images of both classes has no label to permute and is left out. */
export function groupValues(observations: readonly ZoneObservation[]): GroupValues[] {
  return rowsByGroup(observations.map(({ group }) => group)).flatMap((rows) => {
    const images = rows.map((row) => observations[row]);
    const label = images[0].label;
    if (images.some((image) => image.label !== label)) return [];
    const shares = zoneNames.map((_, z) => mean(images.map((image) => image.shares[z])));
    const areas = zoneNames.map((_, z) => mean(images.map((image) => image.areas[z])));
    return [{ label, shares, areas, densities: shares.map((share, z) => (areas[z] > 0 ? share / areas[z] : NaN)) }];
  });
}

/** Twelve decimals: averages of equal values must tie, and ranks would see their last bits. */
const rounded = (value: number): number => Math.round(value * 1e12) / 1e12;

/** Groups of a class below which a row is not tested. */
const FEWEST = 2;

/** Every row that can be tested: methods × zones × measures. Rows are corrected together. */
export function biomarkerTable(
  methods: readonly { method: string; observations: readonly ZoneObservation[] }[],
  options: BiomarkerOptions,
): BiomarkerRow[] {
  const rows = methods.flatMap(({ method, observations }) => {
    const groups = groupValues(observations);
    return zoneNames.flatMap((zone, z) => MEASURES.flatMap((measure) => testRow(groups, method, zone, z, measure, options) ?? []));
  });
  const adjusted = holm(rows.map((row) => row.p));
  const corrected = rows.map((row, i) => ({ ...row, pHolm: adjusted[i] }));
  const partnerOf = (row: (typeof corrected)[number]) =>
    corrected.find((other) => other.method === row.method && other.zone === row.zone && other.measure !== row.measure);
  return corrected.map((row) => ({ ...row, verdict: verdictOf(row, partnerOf(row), options.alpha) }));
}

/** Effect and raw p of one row; undefined where a class has too few groups with the zone. */
function testRow(
  all: readonly GroupValues[],
  method: string,
  zone: Zone,
  z: number,
  measure: Measure,
  options: BiomarkerOptions,
): Omit<BiomarkerRow, "pHolm" | "verdict"> | undefined {
  const groups = all.filter((group) => !Number.isNaN(group.densities[z]));
  const labels = groups.map((group) => group.label);
  if ([0, 1].some((label) => labels.filter((l) => l === label).length < FEWEST)) return undefined;
  const values = groups.map((group) => rounded((measure === "share" ? group.shares : group.densities)[z]));
  const rng = (use: string) => rngOf(options.seed, "analyse", use, method, zone, measure);
  const effect = groupBootstrap({
    groups: groups.map((_, i) => i),
    labels,
    statistic: (rows) => cliffsDeltaByLabel(pick(labels, rows), pick(values, rows)),
    bootstraps: options.bootstraps,
    rng: rng("bootstrap"),
  });
  const { p } = groupPermutation({
    values,
    labels,
    statistic: cliffsDeltaByLabel,
    permutations: options.permutations,
    rng: rng("permutation"),
  });
  const average = (of: (group: GroupValues) => number, label: number) => mean(groups.filter((group) => group.label === label).map(of));
  return {
    method,
    zone,
    measure,
    shareNegative: average((group) => group.shares[z], 0),
    sharePositive: average((group) => group.shares[z], 1),
    areaNegative: average((group) => group.areas[z], 0),
    areaPositive: average((group) => group.areas[z], 1),
    densityNegative: average((group) => group.densities[z], 0),
    densityPositive: average((group) => group.densities[z], 1),
    effect,
    p,
  };
}
