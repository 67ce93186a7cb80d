/** @file Looks at every file of a data set: sizes, content hashes, and whether masks fit their images. */
import { mapInFlight } from "../util/in-flight.ts";
import { UserError } from "../util/user-error.ts";
import type { Signature } from "./duplicates/signature.ts";
import { openFactBook, type FactBook, type ImageFacts } from "./facts.ts";
import type { DataFiles } from "./files/data-files.ts";
import type { ImageRecord, ListedImage, Problem, Reader } from "./manifest.ts";

export interface Examined {
  image: ImageRecord;
  facts: ImageFacts;
  signature: Signature;
}

/** @throws UserError that names the file where one cannot be decoded, or a mask has another size than its image */
async function examine(image: ListedImage, book: FactBook, problems: Problem[]): Promise<Examined> {
  const { sha256, facts, signature } = await book.image(image.path);
  const { width, height } = facts;
  if (facts.empty) problems.push({ level: "warning", message: `${image.path}: the image is black all over; check where it comes from` });
  let lesion = false;
  const maskHashes: string[] = [];
  for (const path of image.masks) {
    const mask = await book.mask(path);
    if (mask.facts.width !== width || mask.facts.height !== height)
      throw new UserError(
        `${path}: the mask has ${mask.facts.width} × ${mask.facts.height} pixels but its image ${image.path} has ${width} × ${height}; give both the same size`,
        { status: 422 },
      );
    lesion ||= !mask.facts.empty;
    maskHashes.push(mask.sha256);
  }
  if (image.masks.length > 0 && !lesion && image.label !== "normal")
    problems.push({
      level: "warning",
      message: `${image.masks[0]}: the mask is empty, though ${image.id} is ${image.label}; zones cannot be drawn there`,
    });
  return { image: { ...image, sha256, maskHashes, width, height }, facts, signature };
}

export interface ExamineOptions {
  progress?: (done: number, total: number) => void;
  /** cache folder, else the user's */
  cache?: string;
}

/** The images that can be read, in the order of `listed`; what is wrong with the others is added to `problems`. */
export async function examineImages(
  files: DataFiles,
  reader: Pick<Reader, "name" | "decoder">,
  listed: readonly ListedImage[],
  problems: Problem[],
  { progress, cache }: ExamineOptions = {},
): Promise<Examined[]> {
  const book = await openFactBook(files, reader, cache);
  let done = 0;
  const outcomes = await mapInFlight(listed, 4, async (image) => {
    try {
      return await examine(image, book, problems);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ level: "error", message: error.message });
      return undefined;
    } finally {
      progress?.(++done, listed.length);
    }
  });
  await book.save();
  return outcomes.filter((outcome) => outcome !== undefined);
}
