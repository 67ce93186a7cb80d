/** @file What every stage of a study starts from: its images, their frames and their folds. */
import type { Task } from "../config/task.ts";
import { range } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";
import type { Frames } from "./frames/frames.ts";
import { openFrames } from "./frames/load.ts";
import type { FrameStore } from "./frames/store.ts";
import type { ImageRecord, Manifest } from "./manifest.ts";
import { openStudyManifest } from "./study-manifest.ts";

interface StudyImages {
  /** where the images come from */
  manifest: Manifest;
  images: ImageRecord[];
  /** class index of each image: 0 negative, 1 positive, [n] */
  labels: Int32Array;
  /** index of each image's group, [n] */
  groups: Int32Array;
  /** held-out fold of each image, [n] */
  folds: Int32Array;
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
 * Opens the images of a task; the caller closes the frames. Equal config, seed and data give equal folds in every process.
 * @throws UserError where the data are no longer those that the task was planned for: folds would not be the same in every stage
 */
export async function openStudyData({ study, data: digest }: Pick<Task, "study" | "data">): Promise<OpenStudyData> {
  const { data: config, seed } = study;
  const { manifest, split } = await openStudyManifest(config, seed);
  if (manifest.digest !== digest)
    throw new UserError(
      `the data in ${manifest.root} changed while the study ran; run the same command again, which starts with them anew`,
      {
        status: 409,
      },
    );
  const { images } = manifest;
  const groupIndex = new Map([...new Set(images.map((image) => image.group))].map((group, i) => [group, i]));
  return {
    manifest,
    images,
    labels: Int32Array.from(images, (image) => config.classes.indexOf(image.label)),
    groups: Int32Array.from(images, (image) => groupIndex.get(image.group)!),
    folds: split.folds,
    frames: await openFrames(manifest, config.imageSize),
  };
}

/** {@link openStudyData}, with all frames in memory. */
export async function loadStudyData(task: Pick<Task, "study" | "data">): Promise<StudyData> {
  const { frames, ...images } = await openStudyData(task);
  try {
    return { ...images, frames: frames.read(range(frames.n)) };
  } finally {
    await frames.close();
  }
}

/** Indices of the images that fold `k` trains on. */
export const trainingIndices = ({ folds }: StudyImages, k: number): number[] => range(folds.length).filter((i) => folds[i] !== k);

/** Indices of the images that fold `k` holds out. */
export const heldOutIndices = ({ folds }: StudyImages, k: number): number[] => range(folds.length).filter((i) => folds[i] === k);
