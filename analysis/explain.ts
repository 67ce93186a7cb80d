/** @file Task `explain`: every attribution method on the images that one fold holds out, by the classifier that never saw them. */
import { batchOf } from "../src/augment/batch.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { heldOutIndices, loadStudyData, type StudyData } from "../src/data/study-data.ts";
import type { Attribution, Classifier } from "../src/explain/classifier.ts";
import { attribute } from "../src/explain/registry.ts";
import { statisticalGrid } from "../src/explain/to-cells.ts";
import { loadClassifier } from "../src/explain/trained-classifier.ts";
import { FIRST, modelName } from "../src/run/plan.ts";
import type { StageContext } from "../src/run/stage.ts";
import { toCsv } from "../src/util/csv.ts";
import { range } from "../src/util/rng.ts";
import { scaleLimit } from "./colour.ts";
import { labelMethods, writeIndex, writeMaps, type LabelledMethod } from "./map-files.ts";
import { encodeOverlay, montage } from "./overlay.ts";

/** Images in one pass; methods bound their own memory inside. */
const BATCH = 16;
/** Overlays a method and fold: enough to look at, few enough for a store. */
const OVERLAYS = 24;
const OVERLAY_SIDE = 256;
const MONTAGE = { side: 160, columns: 6 };

/** Writes raw maps, their index, and overlays of some images. */
export async function explain(context: StageContext): Promise<void> {
  const { study, fold, arm } = context.task;
  if (fold === null || arm === null)
    throw new RangeError(`explain: the task must name a fold and an arm, got fold ${fold}${arm ? "" : " and no arm"}`);
  await startEngine({ threads: study.threads });
  const data = await loadStudyData(context.task);
  const heldOut = heldOutIndices(data, fold);
  const run = await context.needed(modelName(arm, FIRST, fold));
  const { classifier, config, dispose } = await loadClassifier(context.store, run.info.runId);
  try {
    const methods = labelMethods(study.explain.methods);
    const total = (methods.length + 1) * heldOut.length;
    let done = 0;
    const advance = async (images: number, note: string) => context.progress((done += images), total, note);

    const scores = await scoresOf(classifier, data, heldOut, advance);
    await writeIndex(
      context.artifact,
      heldOut.map((i, row) => ({
        row,
        image: data.images[i].id,
        group: data.images[i].group,
        label: data.images[i].label,
        score: scores[row],
      })),
    );
    const limits: { method: string; limit: number }[] = [];
    for (const method of methods) {
      const maps = await mapsOf(classifier, data, heldOut, method, advance);
      await writeMaps(context.artifact, method.label, maps);
      limits.push({
        method: method.label,
        limit: await writeOverlays(context, data, heldOut, method.label, statisticalGrid(maps, method.config, config.encoder.outputStride)),
      });
    }
    await context.artifact("overlays/scale.csv", toCsv(limits));
  } finally {
    dispose();
  }
}

type Advance = (images: number, note: string) => Promise<void>;

/** Runs `body` on the images in batches. */
async function inBatches(
  data: StudyData,
  indices: readonly number[],
  note: string,
  advance: Advance,
  body: (x: tf.Tensor4D, from: number) => void,
): Promise<void> {
  for (let from = 0; from < indices.length; from += BATCH) {
    const some = indices.slice(from, from + BATCH);
    const x = batchOf(data.frames, some);
    try {
      body(x, from);
    } finally {
      x.dispose();
    }
    await advance(some.length, note);
  }
}

async function scoresOf(classifier: Classifier, data: StudyData, indices: readonly number[], advance: Advance): Promise<Float32Array> {
  const scores = new Float32Array(indices.length);
  await inBatches(data, indices, "scores", advance, (x, from) => {
    scores.set(
      tf.tidy(() => classifier.scoreOfMap(classifier.featureMap(x)).dataSync<"float32">()),
      from,
    );
  });
  return scores;
}

async function mapsOf(
  classifier: Classifier,
  data: StudyData,
  indices: readonly number[],
  { label, config }: LabelledMethod,
  advance: Advance,
): Promise<Attribution> {
  const parts: Attribution[] = [];
  await inBatches(data, indices, label, advance, (x) => parts.push(attribute(classifier, x, config)));
  const { rows, columns } = parts[0];
  const values = new Float32Array(indices.length * rows * columns);
  parts.reduce((at, part) => {
    values.set(part.values, at);
    return at + part.values.length;
  }, 0);
  return { values, n: indices.length, rows, columns };
}

/** Overlays of images spread evenly over the classes, all on the fold's one colour scale, and a montage of them. @returns the scale's limit */
async function writeOverlays(
  { artifact }: StageContext,
  data: StudyData,
  heldOut: readonly number[],
  label: string,
  grid: Attribution,
): Promise<number> {
  const cells = grid.rows * grid.columns;
  const limit = scaleLimit(grid.values);
  const { size, pixels, lesion } = data.frames;
  const shown: Buffer[] = [];
  for (const row of spread(heldOut, data.labels, OVERLAYS)) {
    const image = heldOut[row];
    const at = image * size * size;
    const png = await encodeOverlay(
      {
        frame: pixels.subarray(at, at + size * size),
        size,
        lesion: lesion.subarray(at, at + size * size),
        map: { values: grid.values.subarray(row * cells, (row + 1) * cells), rows: grid.rows, columns: grid.columns, limit },
      },
      OVERLAY_SIDE,
      "png",
    );
    await artifact(`overlays/${label}/${data.images[image].id.replaceAll(/[^\w.-]+/g, "_")}.png`, png);
    shown.push(png);
  }
  await artifact(`overlays/${label}/montage.png`, await montage(shown, MONTAGE.side, MONTAGE.columns));
  return limit;
}

/** Positions in `images` of at most `count`, half of each class where there are enough, evenly over each class's list: chosen before any map is seen. */
export function spread(images: readonly number[], labels: ArrayLike<number>, count: number): number[] {
  return [0, 1].flatMap((label) => {
    const rows = range(images.length).filter((row) => labels[images[row]] === label);
    const wanted = Math.min(rows.length, Math.floor(count / 2));
    return range(wanted).map((i) => rows[Math.floor((i * rows.length) / wanted)]);
  });
}
