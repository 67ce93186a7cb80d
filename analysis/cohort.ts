/** @file The cohort of a study: every image with its zones, and every method's held-out maps on the grid that is tested. */
import { openPictures } from "../src/data/pictures.ts";
import type { StudyData } from "../src/data/study-data.ts";
import type { Attribution } from "../src/explain/classifier.ts";
import { statisticalGrid } from "../src/explain/to-cells.ts";
import { frameFieldsOf, type FrameFields } from "../src/image/frame-fields.ts";
import { zonesOf, type ZoneSizes } from "../src/image/zones.ts";
import type { StageContext } from "../src/run/stage.ts";
import { mapInFlight } from "../src/util/in-flight.ts";
import { range } from "../src/util/rng.ts";
import { alignMaps, labelMethods, readIndex, readMaps, type LabelledMethod } from "./map-files.ts";
import { placeOf, type LesionPlace } from "./spatial-summary.ts";

export interface CohortImage {
  id: string;
  group: string;
  /** 0 negative class, 1 positive */
  label: number;
  /** zone of each pixel, [size, size] */
  zones: Uint8Array;
  /** undefined where the data set has no mask for the image: no zone can be told then */
  lesion: LesionPlace | undefined;
}

/** One method's maps, one an image, in the cohort's order, on the grid that statistics run on. */
export interface CohortMethod {
  method: string;
  maps: Attribution;
}

export interface Cohort {
  /** side of the frames, in pixels */
  size: number;
  images: CohortImage[];
  methods: CohortMethod[];
}

/** Field of view and drawn marks of each image of the study, found at its native size. */
export async function loadFields({ manifest, images, frames }: StudyData): Promise<FrameFields[]> {
  const pictures = await openPictures(manifest);
  try {
    return await mapInFlight(images, 4, async (record) => frameFieldsOf((await pictures.read(record)).image, frames.size));
  } finally {
    await pictures.close();
  }
}

/** Zones and places of all images. @param fields parallel to the images @param sizes.classes how many; the last is the positive one */
export function cohortImages(
  { images, frames, labels }: Pick<StudyData, "images" | "frames" | "labels">,
  fields: readonly FrameFields[],
  { classes, ...sizes }: ZoneSizes & { classes: number },
): CohortImage[] {
  const { size, lesion } = frames;
  const frame = (plane: Uint8Array, i: number) => plane.subarray(i * size * size, (i + 1) * size * size);
  return images.map(({ id, group }, i) => ({
    id,
    group,
    label: Number(labels[i] === classes - 1),
    zones: zonesOf(frame(lesion, i), fields[i].field, size, sizes, fields[i].artefacts),
    lesion: placeOf(frame(lesion, i), size),
  }));
}

/** Maps of all folds by method. @param ids of the images, in whose order maps are */
export async function gatherMaps({ task, needed, store }: StageContext, ids: readonly string[]): Promise<CohortMethod[]> {
  const runs = await Promise.all(range(task.study.data.folds).map((fold) => needed(`explain/fold-${fold}`)));
  const folds = await Promise.all(runs.map(async ({ info: { runId } }) => ({ runId, index: await readIndex(store, runId) })));
  const gather = async ({ label, config }: LabelledMethod): Promise<CohortMethod> => {
    const parts = await Promise.all(folds.map(async ({ runId, index }) => ({ index, maps: await readMaps(store, runId, label) })));
    return { method: label, maps: statisticalGrid(alignMaps(parts, ids), config, task.study.encoder.outputStride) };
  };
  const methods: CohortMethod[] = [];
  for (const method of labelMethods(task.study.explain.methods)) methods.push(await gather(method)); // one method in memory at its native size
  return methods;
}
