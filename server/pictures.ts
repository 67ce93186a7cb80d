/** @file Study images from the data set: file, frame and lesion of one image, only where the data are still those of the study. */
import sharp from "sharp";
import type { StudyConfig } from "../src/config/study.ts";
import { loadFrame } from "../src/data/frames/load.ts";
import type { Manifest } from "../src/data/manifest.ts";
import { loadPng } from "../src/data/pictures.ts";
import type { Run } from "../src/tracking/store.ts";
import { openStudyManifest, ownDigest } from "../src/data/study-manifest.ts";
import { UserError } from "../src/util/user-error.ts";

export interface StudyPicture {
  /** the image at its native size as a grey PNG */
  file: Buffer;
  /** side of the frame in pixels */
  size: number;
  /** grey 0–255, [size, size] */
  frame: Uint8Array;
  /** 1 on the lesion, [size, size]; null where the data set has no mask of it */
  lesion: Uint8Array | null;
}

export interface Pictures {
  /** @throws UserError 404 where the data or the image are gone, 409 where the data have changed */
  load(run: Run, study: StudyConfig, image: string): Promise<StudyPicture>;
}

/** Reads manifests once a study and frames one by one: a list of thumbnails stays cheap, and so does the memory. */
export function openPictures(): Pictures {
  const manifests = new Map<string, Promise<Manifest>>();

  const manifestOf = (run: Run, { data, seed }: StudyConfig): Promise<Manifest> => {
    const { runId, name } = run.info;
    const known = manifests.get(runId);
    if (known) return known;
    const loading = openStudyManifest(data, seed).then(({ manifest }) => {
      if (manifest.digest !== ownDigest(run.tags["sonomark.data"] ?? ""))
        throw new UserError(
          `the images of study ${name} have changed since it ran (${data.source}); bring the old ones back or run the study again`,
          { status: 409 },
        );
      return manifest;
    });
    loading.catch(() => manifests.delete(runId)); // the data may come back: look again next time
    manifests.set(runId, loading);
    return loading;
  };

  return {
    async load(run, study, image) {
      const manifest = await manifestOf(run, study);
      const record = manifest.images.find((candidate) => candidate.id === image);
      if (!record) throw new UserError(`study ${run.info.name} has no image "${image}"`, { status: 404 });
      const { size, pixels, lesion } = await loadFrame(manifest, record, study.data.imageSize);
      return {
        file: await loadPng(manifest, record),
        size,
        frame: pixels,
        lesion: record.masks.length > 0 ? lesion : null,
      };
    },
  };
}

/** A frame as a grey PNG. */
export const toPng = ({ frame, size }: StudyPicture): Promise<Buffer> =>
  sharp(frame, { raw: { width: size, height: size, channels: 1 } })
    .png()
    .toBuffer();
