/** @file What src/image and src/data do to a picture before a network sees it, in words for those who have the ONNX file alone. */
import type { Preprocessing } from "../config/onnx.ts";

export const PREPROCESSING: Preprocessing = {
  decoding:
    "8 bits a sample (of 16: level / 257, within one level), EXIF orientation applied, transparency on black; DICOM: stored levels to 0–255, of more than 8 bits through the first display window",
  grey: "sRGB to linear light, 0.2126 R + 0.7152 G + 0.0722 B, back through the sRGB curve; grey files as they are",
  crop: "none to the field of view; a DICOM file to its 2-D region (SequenceOfUltrasoundRegions), where it names one",
  letterbox: {
    scale: "size / max(width, height) for both sides; sides rounded half up, at least 1 pixel",
    resampling: "Lanczos 3 with anti-aliasing (libvips resize)",
    position: "centre; an odd pixel is left over at the right or at the bottom",
    padding: 0,
  },
  values: "grey level / 255: float32 from 0 to 1, no mean taken off, no deviation divided by",
  layout: "NCHW: [n, 1, size, size], rows from the top",
};

/** The same as sentences, a step each. */
export function preprocessingText(size: number): string {
  const { decoding, grey, crop, letterbox, values, layout } = PREPROCESSING;
  return [
    `1. Decode: ${decoding}.`,
    `2. Crop: ${crop}.`,
    `3. Grey: ${grey}.`,
    `4. Letterbox into ${size} × ${size} pixels: scale ${letterbox.scale}; ${letterbox.resampling}; ${letterbox.position}; padded with grey level ${letterbox.padding}.`,
    `5. Values: ${values}.`,
    `6. Layout: ${layout}.`,
  ].join("\n");
}
