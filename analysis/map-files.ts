/** @file How maps lie in a run: one .npy a method, raw and signed on the native grid, and one table that says whose they are. */
import { dump } from "npyjs";
import type { AttributionConfig } from "../src/config/explain.ts";
import type { Attribution } from "../src/explain/classifier.ts";
import type { Store } from "../src/tracking/store.ts";
import { parseCsv, toCsv } from "../src/util/csv.ts";
import { parseNpy, type NpyArray } from "../src/util/npy.ts";
import { range } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";

/** Whose map a row of a .npy is. */
export interface MapIndexRow {
  row: number;
  image: string;
  group: string;
  label: string;
  /** log-odds of the positive class: what the maps explain */
  score: number;
}

const INDEX = "maps/index.csv";
const mapsPath = (label: string): string => `maps/${label}.npy`;

/** A method and the name that its results carry. */
export interface LabelledMethod {
  label: string;
  config: AttributionConfig;
}

/** Names of a study's methods; the same method with other parameters gets a number: integrated-gradients-2. */
export function labelMethods(methods: readonly AttributionConfig[]): LabelledMethod[] {
  return methods.map((config, i) => {
    const earlier = methods.slice(0, i).filter(({ name }) => name === config.name).length;
    return { label: earlier === 0 ? config.name : `${config.name}-${earlier + 1}`, config };
  });
}

type Write = (path: string, data: string | Uint8Array) => Promise<void>;

export async function writeIndex(write: Write, rows: readonly MapIndexRow[]): Promise<void> {
  await write(INDEX, toCsv(rows.map((row) => ({ ...row }))));
}

/** Writes maps [n, rows, columns] as float32. */
export async function writeMaps(write: Write, label: string, { values, n, rows, columns }: Attribution): Promise<void> {
  await write(mapsPath(label), new Uint8Array(dump(values, [n, rows, columns])));
}

export async function readIndex(store: Store, runId: string): Promise<MapIndexRow[]> {
  const text = (await store.readArtifact(runId, INDEX)).toString("utf8");
  const rows = parseCsv(text, `run ${runId}: ${INDEX}`, ["row", "image", "group", "label", "score"]);
  return rows.map(({ row, image, group, label, score }) => ({
    row: Number(row),
    image: image,
    group: group,
    label: label,
    score: Number(score),
  }));
}

/** @throws UserError where the file is not what writeMaps writes */
export async function readMaps(store: Store, runId: string, label: string): Promise<Attribution> {
  const path = mapsPath(label);
  const damaged = (cause?: unknown) =>
    new UserError(`run ${runId}: ${path} does not hold float32 values [n, rows, columns]; delete the run and run the study again`, {
      cause,
    });
  const bytes = await store.readArtifact(runId, path);
  let file: NpyArray;
  try {
    file = parseNpy(bytes, path);
  } catch (error) {
    throw damaged(error);
  }
  const { data, shape } = file;
  if (!(data instanceof Float32Array) || shape.length !== 3) throw damaged();
  const [n, rows, columns] = shape as [number, number, number];
  return { values: data, n, rows, columns };
}

/** Maps of several folds as one, in the order of `images`. */
export interface FoldMaps {
  index: readonly MapIndexRow[];
  maps: Attribution;
}

/**
 * One map an image, in the order of `images` (ids).
 * @throws UserError where an image has no map, RangeError where folds disagree on the grid
 */
export function alignMaps(folds: readonly FoldMaps[], images: readonly string[]): Attribution {
  const { rows, columns } = folds[0].maps;
  const cells = rows * columns;
  const sources = new Map<string, Float32Array>();
  for (const { index, maps } of folds) {
    if (maps.rows !== rows || maps.columns !== columns)
      throw new RangeError(`alignMaps: folds must share one grid, got ${rows}×${columns} and ${maps.rows}×${maps.columns}`);
    for (const { image, row } of index) sources.set(image, maps.values.subarray(row * cells, (row + 1) * cells));
  }
  const values = new Float32Array(images.length * cells);
  for (const i of range(images.length)) {
    const source = sources.get(images[i]);
    if (!source)
      throw new UserError(`image ${images[i]} has no map in any fold: the data changed after the explain tasks; run the study again`);
    values.set(source, i * cells);
  }
  return { values, n: images.length, rows, columns };
}
