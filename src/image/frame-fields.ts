/** @file What zones need to know of a frame beside the lesion: where it shows tissue, and where something was drawn into the image. */
import { annotationsOf } from "./annotations.ts";
import type { GreyImage } from "./decode.ts";
import { fieldOfViewOf } from "./field-of-view.ts";
import { letterboxMask } from "./letterbox.ts";

export interface FrameFields {
  /** 1 in the field of view, [size, size]; 0 on borders, beside a fan and on padding */
  field: Uint8Array;
  /** 1 on drawn pixels of the field, [size, size] */
  artefacts: Uint8Array;
}

/** Found at the image's native size, then fitted into the frame like its masks: what is drawn is one pixel wide and would not survive scaling. */
export function frameFieldsOf(image: GreyImage, size: number): FrameFields {
  const found = fieldOfViewOf(image);
  const [field, artefacts] = [new Uint8Array(size * size), new Uint8Array(size * size)];
  letterboxMask(found.mask, size, field);
  letterboxMask(annotationsOf(image, found).mask, size, artefacts);
  return { field, artefacts };
}
