/** @file What was drawn into the images of a manifest (calipers, text), in a cache of its own beside their frames: only who asks for it pays. */
import { annotationsOf } from "../../image/annotations.ts";
import { letterboxCover } from "../../image/letterbox.ts";
import type { Manifest } from "../manifest.ts";
import type { Picture } from "../pictures.ts";
import type { Frame } from "./frames.ts";
import { openFitted } from "./load.ts";
import type { FrameOptions, FrameStore } from "./store.ts";

/** Raise it when other pixels count as drawn. */
const version = 1;

/** Drawings are sought at native size, beside the field of view too: what a machine writes there tells images apart as well. */
async function fit({ image }: Picture, { size, pixels }: Frame): Promise<void> {
  letterboxCover(annotationsOf(image).mask, size, pixels);
}

/**
 * Opens masks in the place of the frames of `openFrames`: the grey level is 1 on every frame pixel that a drawing touches, else 0.
 * @throws UserError that names the file where an image cannot be read
 */
export function openDrawn(manifest: Manifest, size: number, options: FrameOptions = {}): Promise<FrameStore> {
  const images = manifest.images.map((image) => ({ ...image, masks: [], maskHashes: [] })); // lesions are another matter
  return openFitted({ ...manifest, images }, size, { kind: ["drawn", String(version)], fit }, options);
}

/** A frame store that also says what was drawn into its images. */
export interface DrawnFrameStore extends FrameStore {
  /** 1 on what was drawn into each of `images`, [images.length, size, size] */
  drawnOf(images: ArrayLike<number>): Uint8Array;
}

/** @param drawn from {@link openDrawn}, of the same images; closed with the frames */
export function withDrawn(frames: FrameStore, drawn: FrameStore): DrawnFrameStore {
  return {
    ...frames,
    drawnOf: drawn.pixelsOf,
    async close() {
      await frames.close();
      await drawn.close();
    },
  };
}
