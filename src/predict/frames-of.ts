/** @file A file to the square frames that a network sees, by the same decoding and letterboxing as in training. */
import { isDicom } from "../data/dicom/data-set.ts";
import { readPixels } from "../data/dicom/read-dicom.ts";
import { decodeGrey, type GreyImage } from "../image/decode.ts";
import { letterbox } from "../image/letterbox.ts";
import { UserError } from "../util/user-error.ts";

export interface PredictedFrame {
  /** the file's name; of a DICOM file with several frames or regions followed by which one */
  name: string;
  /** grey levels 0–255, [size, size], row-major */
  levels: Uint8Array;
}

/**
 * One frame, or of a DICOM file one for each of its frames and 2-D regions.
 * @param name what messages and rows call the file
 * @throws UserError where the bytes are no image that can be read
 */
export async function* framesOf(bytes: Uint8Array, name: string, size: number): AsyncGenerator<PredictedFrame> {
  for await (const [part, image] of imagesOf(bytes, name)) {
    const levels = new Uint8Array(size * size);
    await letterbox(image, size, levels);
    yield { name: name + part, levels };
  }
}

async function* imagesOf(bytes: Uint8Array, name: string): AsyncGenerator<[part: string, image: GreyImage]> {
  if (!isDicom(bytes)) {
    yield ["", await decodeGrey(bytes, name)];
    return;
  }
  const { images, decode } = readPixels(bytes, name);
  if (images.length === 0)
    throw new UserError(`${name}: the DICOM file shows no 2-D region (Doppler or M-mode only); leave it out`, { status: 422 });
  for (const image of images) yield [image.fragment, await decode(image)];
}
