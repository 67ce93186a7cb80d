/** @file The frames of a manifest, in its order: every image decoded, fitted, with its masks united; made once and kept in the cache. */
import { fillBox, letterbox, letterboxMask } from "../../image/letterbox.ts";
import { range } from "../../util/rng.ts";
import type { ImageRecord, Manifest } from "../manifest.ts";
import { openPictures, type Picture } from "../pictures.ts";
import { emptyFrames, frameAt, type Frame, type Frames } from "./frames.ts";
import { openStore, type FrameOptions, type FrameStore } from "./store.ts";

/** Fits one picture into a frame. */
async function fit({ image, mask }: Picture, { size, pixels, lesion, inside }: Frame): Promise<void> {
  fillBox(await letterbox(image, size, pixels), size, inside);
  if (mask) letterboxMask(mask, size, lesion);
}

/**
 * Opens the frames of every image of the manifest, at `size`; whatever the cache lacks is decoded first.
 * @throws UserError that names the file where an image cannot be read
 */
export const openFrames = (manifest: Manifest, size: number, options: FrameOptions = {}): Promise<FrameStore> =>
  openFitted(manifest, size, { kind: [], fit }, options);

/** How a picture becomes a frame. */
interface Fitting {
  /** what tells these frames from others of the same images */
  kind: readonly string[];
  fit(picture: Picture, frame: Frame): Promise<void>;
}

/** {@link openFrames}, for frames that show something else of each image. */
export async function openFitted(manifest: Manifest, size: number, fitting: Fitting, options: FrameOptions = {}): Promise<FrameStore> {
  const { images, reader } = manifest;
  let pictures: ReturnType<typeof openPictures> | undefined;
  const source = {
    // the reader says how bytes become pixels; where files lie, and what they are called, changes nothing
    keys: images.map(({ sha256, maskHashes }) => [...fitting.kind, reader, sha256, ...maskHashes].join(" ")),
    draw: async (i: number, frame: Frame) => fitting.fit(await (await (pictures ??= openPictures(manifest))).read(images[i]), frame),
  };
  try {
    return await openStore(source, size, options);
  } finally {
    await (await pictures)?.close();
  }
}

/** The frames of every image, in memory. @throws UserError as {@link openFrames} */
export async function loadFrames(manifest: Manifest, size: number, options: FrameOptions = {}): Promise<Frames> {
  const store = await openFrames(manifest, size, options);
  try {
    return store.read(range(store.n));
  } finally {
    await store.close();
  }
}

/** The frame of one image, straight from its files: for thumbnails, which need no cache. @throws UserError as {@link openFrames} */
export async function loadFrame(manifest: Pick<Manifest, "root" | "reader">, image: ImageRecord, size: number): Promise<Frames> {
  const frames = emptyFrames(1, size);
  const pictures = await openPictures(manifest);
  try {
    await fit(await pictures.read(image), frameAt(frames, 0));
  } finally {
    await pictures.close();
  }
  return frames;
}
