/** @file A cohort of noise maps over drawn lesions, with extra mass planted in one zone of one class, or nowhere. For tests. */
import { ellipseMask } from "../../src/image/ellipse.ts";
import { zoneNames, type ZoneName } from "../../src/image/zones.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { cohortImages, type Cohort } from "../cohort.ts";
import { cellZones } from "../zone-shares.ts";

export interface PhantomOptions {
  seed: number;
  /** groups of two images; every second one is positive */
  groups: number;
  /** mass added to each cell that lies in the zone, relative to the noise's mean, in maps of the positive class */
  plant?: { zone: ZoneName; strength: number };
  /** lesion's axes in frame pixels, by class; equal by default */
  diameters?: readonly [number, number];
}

const SIZE = 32;
const CELLS = 8;

/** Frames of 32 × 32 pixels whose outer columns are padding; maps of 8 × 8 cells. */
export function phantomCohort({ seed, groups, plant, diameters = [9, 9] }: PhantomOptions): Cohort {
  const rng = rngOf(seed, "phantom");
  const n = groups * 2;
  const frames = {
    n,
    size: SIZE,
    pixels: new Uint8Array(n * SIZE * SIZE),
    lesion: new Uint8Array(n * SIZE * SIZE),
    inside: new Uint8Array(n * SIZE * SIZE),
  };
  const records = range(n).map((i) => ({
    id: `image-${i}`,
    group: `group-${i >> 1}`,
    label: "",
    path: "",
    masks: [],
    sha256: "",
    maskHashes: [],
    width: SIZE,
    height: SIZE,
  }));
  const labels = Int32Array.from({ length: n }, (_, i) => (i >> 1) % 2);
  for (const i of range(n)) {
    const mean = diameters[labels[i]];
    const [major, minor] = [mean * (1 + 0.2 * rng.next()), mean * (0.8 + 0.2 * rng.next())];
    const ellipse = { row: 10 + 4 * rng.next(), column: 13 + 6 * rng.next(), major, minor, orientation: Math.PI * (rng.next() - 0.5) };
    frames.lesion.set(ellipseMask({ ...ellipse, eccentricity: 0, area: 0, equivalentDiameter: 0 }, SIZE, SIZE).pixels, i * SIZE * SIZE);
    frames.pixels.fill(100, i * SIZE * SIZE, (i + 1) * SIZE * SIZE);
    for (const row of range(SIZE)) frames.inside.fill(1, i * SIZE * SIZE + row * SIZE + 4, i * SIZE * SIZE + row * SIZE + 28);
  }
  const fields = range(n).map((i) => ({
    field: frames.inside.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE),
    artefacts: new Uint8Array(SIZE * SIZE),
  }));
  const images = cohortImages({ images: records, frames, labels }, fields, {
    innerRim: 0.15,
    rim: 0.35,
    behind: 1,
    skin: 0.07,
    classes: 2,
  });
  const values = new Float32Array(n * CELLS * CELLS);
  images.forEach(({ zones, label }, i) => {
    const { fractions } = cellZones(zones, { size: SIZE, rows: CELLS, columns: CELLS });
    const habit = zoneNames.map(() => Math.exp(0.3 * rng.normal())); // what images share beyond noise: a taste for zones
    for (const cell of range(CELLS * CELLS)) {
      const part = (zone: ZoneName) => fractions[cell * zoneNames.length + zoneNames.indexOf(zone)];
      const taste = zoneNames.reduce((sum, zone, z) => sum + habit[z] * part(zone), 0);
      const planted = plant && label === 1 ? plant.strength * part(plant.zone) : 0;
      values[i * CELLS * CELLS + cell] = (rng.next() < 0.5 ? -1 : 1) * (taste * Math.abs(rng.normal()) + planted);
    }
  });
  return { size: SIZE, images, methods: [{ method: "phantom", maps: { values, n, rows: CELLS, columns: CELLS } }] };
}
