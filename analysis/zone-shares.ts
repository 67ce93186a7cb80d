/** @file How a map's absolute mass is shared out over the zones, from native cells: no interpolation, no padding. */
import { OUTSIDE, zoneNames } from "../src/image/zones.ts";

const ZONES = zoneNames.length;

/** A grid of cells over a square frame. */
export interface CellGrid {
  /** side of the frame, in pixels */
  size: number;
  rows: number;
  columns: number;
}

/** How the zones of one image lie over the cells of a grid. */
export interface CellZones {
  /** 1 for cells of which at least half shows the image, [cells]; the others hold what the network made of padding */
  used: Uint8Array;
  /** part of each zone in what a cell shows of the image, [cells, zones]; 0 where it shows nothing */
  fractions: Float64Array;
}

/** @param zones zone of each pixel as zonesOf gives it, [size, size] */
export function cellZones(zones: Uint8Array, { size, rows, columns }: CellGrid): CellZones {
  const cells = rows * columns;
  const counts = new Int32Array(cells * ZONES);
  const [shown, all] = [new Int32Array(cells), new Int32Array(cells)];
  const along = (pixel: number, parts: number) => Math.floor(((pixel + 0.5) * parts) / size); // a pixel belongs to the cell that its centre lies in
  for (let y = 0, p = 0; y < size; y++)
    for (let x = 0; x < size; x++, p++) {
      const cell = along(y, rows) * columns + along(x, columns);
      all[cell]++;
      if (zones[p] === OUTSIDE) continue;
      shown[cell]++;
      counts[cell * ZONES + zones[p]]++;
    }
  return {
    used: Uint8Array.from(shown, (count, cell) => (2 * count >= all[cell] ? 1 : 0)),
    fractions: Float64Array.from(counts, (count, i) => count / Math.max(1, shown[Math.floor(i / ZONES)])),
  };
}

export interface ZoneShares {
  /** share of absolute mass by zone, [zones], sums to 1 */
  shares: Float64Array;
  /** share that a constant map would have, [zones], sums to 1 */
  areas: Float64Array;
}

/**
 * A cell's mass goes to its zones in proportion to their area in it.
 * @param values signed map, [cells]
 * @returns undefined where the map is 0 on every used cell: it lies nowhere
 */
export function zoneShares(values: ArrayLike<number>, { used, fractions }: CellZones): ZoneShares | undefined {
  const shares = new Float64Array(ZONES);
  const areas = new Float64Array(ZONES);
  let [mass, cells] = [0, 0];
  for (let cell = 0; cell < used.length; cell++) {
    if (!used[cell]) continue;
    const weight = Math.abs(values[cell]);
    mass += weight;
    cells++;
    for (let z = 0; z < ZONES; z++) {
      shares[z] += weight * fractions[cell * ZONES + z];
      areas[z] += fractions[cell * ZONES + z];
    }
  }
  if (!(mass > 0)) return undefined;
  return { shares: shares.map((share) => share / mass), areas: areas.map((area) => area / cells) };
}
