/** @file Opens a data set: finds the reader, decodes every file once, joins identical images, and tells every problem in one go. */
import { groupBy } from "../util/group-by.ts";
import { hashOf } from "../util/hash.ts";
import { mapInFlight } from "../util/in-flight.ts";
import { UserError } from "../util/user-error.ts";
import { openFactBook, type FactBook } from "./facts.ts";
import { conflictingGroups, joinDuplicates } from "./groups.ts";
import { locate } from "./locate.ts";
import type { ImageRecord, ListedImage, Manifest } from "./manifest.ts";

export interface LoadOptions {
  /** the classes of a study: images of others are left out, and so are identical images that the data set puts in two classes */
  classes?: readonly string[];
  /** hears which reader took the data, and why */
  note?: (sentence: string) => void;
  /** cache folder, else the user's */
  cache?: string;
}

/** Something wrong with a data set: one sentence that names the file and the cure. */
export interface Problem {
  /** an error keeps the data from being used; a warning is for people to judge */
  level: "error" | "warning";
  message: string;
}

export interface Inspection {
  /** without the images that have errors */
  manifest: Manifest;
  problems: Problem[];
}

interface Examined {
  image: ImageRecord;
  /** hash of the decoded pixels */
  content: string;
  maskHashes: string[];
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Decodes an image and its masks. @throws UserError that names the file */
async function examine(image: ListedImage, book: FactBook, problems: Problem[]): Promise<Examined> {
  const { width, height, content, sha256 } = await book.look(image.path, "image");
  let lesion = 0;
  const maskHashes: string[] = [];
  for (const path of image.masks) {
    const mask = await book.look(path, "mask");
    if (mask.width !== width || mask.height !== height)
      throw new UserError(
        `${path}: the mask has ${mask.width} × ${mask.height} pixels but its image ${image.path} has ${width} × ${height}; give both the same size`,
        { status: 422 },
      );
    lesion += mask.filled;
    maskHashes.push(mask.sha256);
  }
  if (image.masks.length > 0 && lesion === 0 && image.label !== "normal")
    problems.push({
      level: "warning",
      message: `${image.masks[0]}: the mask is empty, though ${image.id} is ${image.label}; zones cannot be drawn there`,
    });
  return { image: { ...image, sha256, width, height }, content, maskHashes };
}

const inTwoClasses = (images: readonly ListedImage[]): string => {
  const other = images.find((image) => image.label !== images[0].label)!;
  return `${images[0].path} is ${images[0].label} and ${other.path} is ${other.label}`;
};

/**
 * Reports groups of two classes: an error where the data set itself says so, a warning where identical pixels joined them.
 * @returns the groups that have no class that can be trusted
 */
function checkGroups(listed: readonly ListedImage[], grouped: readonly ListedImage[], problems: Problem[]): Set<string> {
  for (const [group, images] of conflictingGroups(listed))
    problems.push({
      level: "error",
      message: `group "${group}": ${inTwoClasses(images)}, but a group has one class; correct the label or the group, or remove these images`,
    });
  const joined = conflictingGroups(grouped);
  for (const images of joined.values())
    problems.push({
      level: "warning",
      message: `${inTwoClasses(images)}, with identical pixels; studies leave this group out (${images.length} images)`,
    });
  return new Set(joined.keys());
}

/** The data set with all of its problems. @throws UserError only where there is nothing to inspect */
export async function inspectData(source: string, { classes, note, cache }: LoadOptions = {}): Promise<Inspection> {
  const { reader, root, why } = await locate(source);
  note?.(why);
  const listing = await reader.read(root);
  const listed = listing.images.filter((image) => !classes || classes.includes(image.label)).sort(byId);
  if (listed.length === 0)
    throw new UserError(
      `${root}: ${reader.name} found no images${classes ? ` of the classes ${classes.join(", ")}` : ""} there; check the path of the data set`,
      { status: 422 },
    );

  const problems: Problem[] = [];
  for (const [id, same] of groupBy(listed, (image) => image.id))
    if (same.length > 1)
      problems.push({
        level: "error",
        message: `${id}: this id is there ${same.length} times (${same.map((image) => image.path).join(", ")}); rename or remove all but one`,
      });

  const book = await openFactBook(root, cache);
  const outcomes = await mapInFlight(listed, 4, (image) =>
    examine(image, book, problems).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      problems.push({ level: "error", message: error.message });
      return undefined;
    }),
  );
  await book.save();
  const examined = outcomes.filter((outcome) => outcome !== undefined);
  const grouped = joinDuplicates(
    examined.map((one) => one.image),
    examined.map((one) => one.content),
  );
  const unusable = checkGroups(listed, grouped, problems);
  const kept = examined.map((one, i) => ({ ...one, image: grouped[i] })).filter(({ image }) => !classes || !unusable.has(image.group));
  const images = kept.map((one) => one.image);
  const digest = hashOf(kept.map(({ image: { id, label, group, sha256 }, maskHashes }) => [id, label, group, sha256, maskHashes]));
  const leftOut = examined.length - kept.length;
  const leftOutNote = leftOut > 0 ? `${leftOut} images are left out: identical pixels in two classes.` : "";
  const manifest = {
    reader: reader.name,
    root,
    images,
    licence: reader.licence,
    citation: reader.citation,
    note: [listing.note, leftOutNote].filter(Boolean).join(" "),
    digest,
  };
  return { manifest, problems: problems.sort((a, b) => (a.message < b.message ? -1 : 1)) };
}

/**
 * The manifest of a data set that has no errors, in the order of ids.
 * @param source `reader:path`, or a path alone: then the layout is recognised; relative to the working folder, else to the package
 * @throws UserError with the first problem and the number of others
 */
export async function loadManifest(source: string, options: LoadOptions = {}): Promise<Manifest> {
  const { manifest, problems } = await inspectData(source, options);
  for (const { level, message } of problems) if (level === "warning") options.note?.(message);
  const [first, ...others] = problems.filter((problem) => problem.level === "error");
  if (first)
    throw new UserError(first.message + (others.length > 0 ? ` (and ${others.length} more: \`sonomark data\` lists them)` : ""), {
      status: 422,
    });
  return manifest;
}
