/** @file Decodes every file of a data set once: sizes, content hashes, and whether masks fit their images. */
import { mapInFlight } from "../util/in-flight.ts";
import { UserError } from "../util/user-error.ts";
import { openFactBook, type FactBook } from "./facts.ts";
import type { DataFiles } from "./files/data-files.ts";
import type { Decoder, ImageRecord, ListedImage, Problem } from "./manifest.ts";

export interface Examined {
  image: ImageRecord;
  /** hash of the decoded pixels */
  content: string;
  /** hash of each mask's bytes */
  maskHashes: string[];
}

/** @throws UserError that names the file where one cannot be decoded, or a mask has another size than its image */
async function examine(image: ListedImage, book: FactBook, problems: Problem[]): Promise<Examined> {
  const { width, height, content, empty, sha256 } = await book.look(image.path, "image");
  if (empty) problems.push({ level: "warning", message: `${image.path}: the image is black all over; check where it comes from` });
  let lesion = false;
  const maskHashes: string[] = [];
  for (const path of image.masks) {
    const mask = await book.look(path, "mask");
    if (mask.width !== width || mask.height !== height)
      throw new UserError(
        `${path}: the mask has ${mask.width} × ${mask.height} pixels but its image ${image.path} has ${width} × ${height}; give both the same size`,
        { status: 422 },
      );
    lesion ||= !mask.empty;
    maskHashes.push(mask.sha256);
  }
  if (image.masks.length > 0 && !lesion && image.label !== "normal")
    problems.push({
      level: "warning",
      message: `${image.masks[0]}: the mask is empty, though ${image.id} is ${image.label}; zones cannot be drawn there`,
    });
  return { image: { ...image, sha256, width, height }, content, maskHashes };
}

/**
 * The images that can be read, in the order of `listed`; what is wrong with the others is added to `problems`.
 * @param cache cache folder, else the user's
 */
export async function examineImages(
  files: DataFiles,
  decoder: Decoder,
  listed: readonly ListedImage[],
  problems: Problem[],
  cache?: string,
): Promise<Examined[]> {
  const book = await openFactBook(files, decoder, cache);
  const outcomes = await mapInFlight(listed, 4, (image) =>
    examine(image, book, problems).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      problems.push({ level: "error", message: error.message });
      return undefined;
    }),
  );
  await book.save();
  return outcomes.filter((outcome) => outcome !== undefined);
}
