/**
 * @file Spatial statistics of single maps on their native cells: Moran's I, and hot spots with their place beside the lesion.
 * The map tested is the absolute one: a cell is "hot" where the score is decided, for either class.
 */
import type { AnalysisConfig } from "../src/config/analysis.ts";
import type { HotSpot, SpatialSummary } from "../src/config/biomarkers.ts";
import { componentsOf } from "../src/image/components.ts";
import { diameterOf, ellipseOf } from "../src/image/ellipse.ts";
import { OUTSIDE, zoneNames } from "../src/image/zones.ts";
import { rowsByGroup } from "../src/metrics/groups.ts";
import { mean } from "../src/metrics/moments.ts";
import { hotSpots } from "../src/spatial/hot-spots.ts";
import { moranPermutation } from "../src/spatial/permutation.ts";
import type { Rng } from "../src/util/rng.ts";
import type { CellGrid } from "./zone-shares.ts";

/** Where a lesion is: centre in frame pixels from the top and left edges, and the diameter of the circle with its fitted ellipse's area. */
export interface LesionPlace {
  row: number;
  column: number;
  diameter: number;
}

/** The largest lesion of a mask; undefined where there is none. @param lesion 1 on the lesion, [size, size] */
export function placeOf(lesion: Uint8Array, size: number): LesionPlace | undefined {
  const { labels, areas } = componentsOf({ width: size, height: size, pixels: lesion }, 8);
  const largest = areas.indexOf(Math.max(...areas)) + 1;
  const ellipse = ellipseOf({ width: size, height: size, pixels: Uint8Array.from(labels, (label) => (label === largest ? 1 : 0)) });
  if (largest === 0 || !ellipse) return undefined;
  // an ellipse counts from pixel centres, a place from the frame's edge
  return { row: ellipse.row + 0.5, column: ellipse.column + 0.5, diameter: diameterOf(ellipse) };
}

/** One image's map and what lies under it. */
export interface SpatialInput {
  /** signed, [cells] */
  values: ArrayLike<number>;
  grid: CellGrid;
  /** 1 for cells that take part, [cells] */
  used: Uint8Array;
  /** zone of each pixel, [size, size]; null without a lesion mask */
  zones: Uint8Array | null;
  lesion: LesionPlace | undefined;
}

export interface ImageSpatial {
  /** NaN for a constant map */
  moran: number;
  /** two-sided, 1 for a constant map */
  p: number;
  spots: HotSpot[];
}

export type SpatialOptions = Pick<AnalysisConfig, "permutations" | "alpha" | "neighbours"> & { rng: Rng };

export function imageSpatial(input: SpatialInput, options: SpatialOptions): ImageSpatial {
  const values = Float64Array.from(input.values, Math.abs);
  const { rows, columns } = input.grid;
  const map = { values, rows, columns, mask: input.used };
  const { i, p } = moranPermutation(map, options);
  return { moran: i, p, spots: hotSpots(map, options).spots.map((cells) => describeSpot(cells, values, input)) };
}

/** Position, size and place of one hot spot. @param values absolute map, [cells] */
function describeSpot(cells: Int32Array, values: Float64Array, { grid, used, zones, lesion }: SpatialInput): HotSpot {
  const { size, rows, columns } = grid;
  const total = values.reduce((sum, value, cell) => sum + (used[cell] ? value : 0), 0);
  const mass = cells.reduce((sum, cell) => sum + values[cell], 0);
  let [row, column] = [0, 0];
  for (const cell of cells) {
    const weight = mass > 0 ? values[cell] / mass : 1 / cells.length; // a cell of 0 among high neighbours can be a spot by itself
    row += weight * (Math.floor(cell / columns) + 0.5) * (size / rows);
    column += weight * ((cell % columns) + 0.5) * (size / columns);
  }
  const zone = zones?.[Math.floor(row) * size + Math.floor(column)];
  const [down, right] = lesion ? [row - lesion.row, column - lesion.column] : [0, 0];
  return {
    row,
    column,
    cells: cells.length,
    area: cells.length / (rows * columns),
    mass: mass / total,
    zone: zone === undefined ? null : zone === OUTSIDE ? "elsewhere" : zoneNames[zone],
    distance: lesion ? Math.hypot(down, right) / lesion.diameter : null,
    bearing: lesion ? ((Math.atan2(right, -down) * 180) / Math.PI + 360) % 360 : null,
  };
}

/** What {@link imageSpatial} said of each image of the cohort. */
export interface SpatialObservation extends ImageSpatial {
  group: string | number;
  label: number;
}

/** Sums images up: groups count once in means by class, whatever the number of their images. */
export function spatialSummary(
  method: string,
  { rows, columns }: Pick<CellGrid, "rows" | "columns">,
  images: readonly SpatialObservation[],
  alpha: number,
): SpatialSummary {
  const tested = images.filter((image) => Number.isFinite(image.moran));
  const perGroup = (some: readonly SpatialObservation[], of: (image: SpatialObservation) => number) =>
    mean(rowsByGroup(some.map(({ group }) => group)).map((members) => mean(members.map((i) => of(some[i])))));
  const spotsOfClass = (label: number) =>
    perGroup(
      images.filter((image) => image.label === label),
      (image) => image.spots.length,
    );
  const placed = images.flatMap((image) => image.spots).filter(({ zone }) => zone !== null);
  const zoneShare = (zone: (typeof zoneNames)[number]) =>
    placed.length === 0 ? 0 : placed.filter((spot) => spot.zone === zone).length / placed.length;
  return {
    method,
    rows,
    columns,
    images: images.length,
    meanMoran: tested.length === 0 ? 0 : perGroup(tested, ({ moran }) => moran),
    shareAutocorrelated: tested.length === 0 ? 0 : tested.filter(({ p }) => p <= alpha).length / tested.length,
    hotSpotsNegative: spotsOfClass(0),
    hotSpotsPositive: spotsOfClass(1),
    hotSpotZones: Object.fromEntries(zoneNames.map((zone) => [zone, zoneShare(zone)])) as SpatialSummary["hotSpotZones"],
  };
}
