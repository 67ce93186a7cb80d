/** @file What every stage of a study starts from: its images, their frames and their folds. */
import type { Task } from "../config/task.ts";
import { range } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";
import { openDrawn, withDrawn, type DrawnFrameStore } from "./frames/drawn.ts";
import type { Frames } from "./frames/frames.ts";
import { openJoined } from "./frames/join.ts";
import { openFrames } from "./frames/load.ts";
import type { FrameStore } from "./frames/store.ts";
import { UNLABELLED, type ImageRecord, type Manifest } from "./manifest.ts";
import { openStudyManifest, ownDigest } from "./study-manifest.ts";

interface FoldedImages {
  images: ImageRecord[];
  /** class index of each image: 0 negative, 1 positive, [n] */
  labels: Int32Array;
  /** index of each image's group, [n] */
  groups: Int32Array;
  /** held-out fold of each image, [n] */
  folds: Int32Array;
}

interface StudyImages extends FoldedImages {
  /** where the images come from */
  manifest: Manifest;
}

/** With all frames in memory. */
export interface StudyData extends StudyImages {
  frames: Frames;
}

/** With frames that are read when they are asked for. */
export interface OpenStudyData extends StudyImages {
  frames: FrameStore;
}

/**
 * What pretraining sees: the images of the study, then those of `pretrain.unlabelled`, whose label and held-out fold are -1. Ids, groups,
 * patients and clips of these begin with the number of their data set, so that none is one of another set.
 */
export interface PretrainData extends FoldedImages {
  /** they say what was drawn into the images where that was asked for */
  frames: FrameStore & Partial<Pick<DrawnFrameStore, "drawnOf">>;
}

type DataTask = Pick<Task, "study" | "data">;

/**
 * Opens the images of a task; the caller closes the frames. Equal config, seed and data give equal folds in every process.
 * @throws UserError where the data are no longer those that the task was planned for: folds would not be the same in every stage
 */
export async function openStudyData({ study, data: digest }: DataTask): Promise<OpenStudyData> {
  const { data: config, seed } = study;
  const { manifest, split } = await openStudyManifest(config, seed);
  if (manifest.digest !== ownDigest(digest)) throw changed([manifest]);
  const { images } = manifest;
  return {
    manifest,
    images,
    labels: Int32Array.from(images, (image) => config.classes.indexOf(image.label)),
    groups: groupIndices(images),
    folds: split.folds,
    frames: await openFrames(manifest, config.imageSize),
  };
}

/** {@link openStudyData}, with all frames in memory. */
export async function loadStudyData(task: DataTask): Promise<StudyData> {
  const { frames, ...images } = await openStudyData(task);
  try {
    return { ...images, frames: frames.read(range(frames.n)) };
  } finally {
    await frames.close();
  }
}

/**
 * Opens the images that a task pretrains on; the caller closes the frames.
 * @param options drawn: whether frames say what was drawn into the images, which takes some milliseconds an image once
 * @throws UserError as {@link openStudyData}
 */
export async function openPretrainData({ study, data: digest }: DataTask, { drawn = false } = {}): Promise<PretrainData> {
  const { data: config, seed } = study;
  const opened = await openStudyManifest(config, seed, { pretrain: study.pretrain });
  const { manifest, unlabelled, split } = opened;
  if (opened.digest !== digest) throw changed(manifest.digest === ownDigest(digest) ? unlabelled : [manifest]);
  const more = unlabelled.flatMap((pool, p) => pool.images.map((image) => apart(image, `${p + 1}:`)));
  const images = [...manifest.images, ...more];
  const none = more.map(() => -1);
  const manifests = [manifest, ...unlabelled];
  const frames = await openJoined(manifests, (one) => openFrames(one, config.imageSize));
  return {
    images,
    labels: Int32Array.from([...manifest.images.map((image) => config.classes.indexOf(image.label)), ...none]),
    groups: groupIndices(images),
    folds: Int32Array.from([...split.folds, ...none]),
    frames: drawn ? withDrawn(frames, await openJoined(manifests, (one) => openDrawn(one, config.imageSize))) : frames,
  };
}

function changed(manifests: readonly Manifest[]): UserError {
  const roots = manifests.map(({ root }) => root).join(" or ");
  return new UserError(`the data in ${roots} changed while the study ran; run the same command again, which starts with them anew`, {
    status: 409,
  });
}

function groupIndices(images: readonly ImageRecord[]): Int32Array {
  const indices = new Map([...new Set(images.map((image) => image.group))].map((group, i) => [group, i]));
  return Int32Array.from(images, (image) => indices.get(image.group)!);
}

/** An image without a label whose names are none of another data set. */
const apart = (image: ImageRecord, prefix: string): ImageRecord => ({
  ...image,
  label: UNLABELLED,
  id: prefix + image.id,
  group: prefix + image.group,
  ...(image.patient === undefined ? {} : { patient: prefix + image.patient }),
  ...(image.clip === undefined ? {} : { clip: prefix + image.clip }),
});

/** Indices of the images that fold `k` trains on. */
export const trainingIndices = ({ folds }: Pick<FoldedImages, "folds">, k: number): number[] =>
  range(folds.length).filter((i) => folds[i] !== k);

/** Indices of the images that fold `k` holds out. */
export const heldOutIndices = ({ folds }: Pick<FoldedImages, "folds">, k: number): number[] =>
  range(folds.length).filter((i) => folds[i] === k);
