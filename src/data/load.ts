/** @file Opens a data set: finds the reader, examines every file, joins identical images, and tells every problem in one go. */
import { groupBy } from "../util/group-by.ts";
import { hashOf } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";
import { checkClasses } from "./check-study.ts";
import { pictureFiles } from "./decoder.ts";
import { examineImages } from "./examine.ts";
import { conflictingGroups, joinDuplicates } from "./groups.ts";
import { locate } from "./locate.ts";
import type { DataFiles } from "./files/data-files.ts";
import type { ListedImage, Manifest, Problem, Reader } from "./manifest.ts";

export interface LoadOptions {
  /** the classes of a study: images of others are left out, and so are identical images that the data set puts in two classes */
  classes?: readonly string[];
  /** hears which reader took the data, and why */
  note?: (sentence: string) => void;
  /** cache folder, else the user's */
  cache?: string;
}

export interface Inspection {
  /** without the images that have errors */
  manifest: Manifest;
  problems: Problem[];
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function checkIds(listed: readonly ListedImage[], problems: Problem[]): void {
  for (const [id, same] of groupBy(listed, (image) => image.id))
    if (same.length > 1)
      problems.push({
        level: "error",
        message: `${id}: this id is there ${same.length} times (${same.map((image) => image.path).join(", ")}); rename or remove all but one`,
      });
}

function inTwoClasses([first, ...others]: readonly ListedImage[]): string {
  const other = others.find((image) => image.label !== first.label)!;
  return `${first.path} is ${first.label} and ${other.path} is ${other.label}`;
}

/**
 * Reports groups of two classes: an error where the data set itself says so, a warning where identical pixels joined them.
 * @returns the groups that have no class that can be trusted
 */
function checkGroups(listed: readonly ListedImage[], grouped: readonly ListedImage[], problems: Problem[]): Set<string> {
  const stated = conflictingGroups(listed);
  for (const [group, images] of stated)
    problems.push({
      level: "error",
      message: `group "${group}": ${inTwoClasses(images)}, but a group has one class; correct the label or the group, or remove these images`,
    });
  const joined = conflictingGroups(grouped);
  for (const [group, images] of joined)
    if (!stated.has(group))
      problems.push({
        level: "warning",
        message: `${inTwoClasses(images)}, in one group through identical pixels; studies leave the group out (${images.length} images)`,
      });
  return new Set(joined.keys());
}

/** The data set with all of its problems. @throws UserError only where there is nothing to inspect */
export async function inspectData(source: string, { classes, note, cache }: LoadOptions = {}): Promise<Inspection> {
  const { reader, files, why } = await locate(source);
  note?.(why);
  try {
    return await inspectFiles(reader, files, { classes, cache });
  } finally {
    await files.close();
  }
}

async function inspectFiles(reader: Reader, files: DataFiles, { classes, cache }: LoadOptions): Promise<Inspection> {
  const { root } = files;
  const listing = await reader.read(files);
  const problems = [...listing.problems];
  if (listing.images.length === 0) {
    refuseErrors(problems);
    throw new UserError(`${root}: ${reader.name} found no images there; check the path of the data set`, { status: 422 });
  }
  const labels = listing.images.map((image) => image.label);
  if (classes) checkClasses(labels, classes);
  const listed = listing.images.filter((image) => !classes || classes.includes(image.label)).sort(byId);

  checkIds(listed, problems);
  const examined = await examineImages(files, reader.decoder ?? pictureFiles, listed, problems, cache);
  const records = examined.map((one) => one.image);
  const contents = examined.map((one) => one.content);
  const grouped = joinDuplicates(records, contents);
  const unusable = checkGroups(listed, grouped, problems);
  const kept = grouped
    .map((image, i) => ({ image, maskHashes: examined[i].maskHashes }))
    .filter(({ image }) => !classes || !unusable.has(image.group));
  const leftOut = grouped.length - kept.length;
  const { name, licence, citation } = reader;
  const manifest = {
    reader: name,
    root,
    images: kept.map(({ image }) => image),
    licence,
    citation,
    note: [listing.note, leftOut > 0 ? `${leftOut} images are left out: identical pixels in two classes.` : ""].filter(Boolean).join(" "),
    digest: hashOf(kept.map(({ image: { id, label, group, sha256 }, maskHashes }) => [id, label, group, sha256, maskHashes])),
  };
  return { manifest, problems: problems.sort((a, b) => (a.message < b.message ? -1 : 1)) };
}

/** @throws UserError (422) with the first error and the number of others */
export function refuseErrors(problems: readonly Problem[]): void {
  const [first, ...others] = problems.filter((problem) => problem.level === "error");
  if (first === undefined) return;
  const more = others.length > 0 ? ` (and ${others.length} more: \`sonomark data\` lists them)` : "";
  throw new UserError(first.message + more, { status: 422 });
}

/**
 * The manifest of a data set that has no errors, in the order of ids.
 * @param source `reader:path`, or a path alone: then the layout is recognised; relative to the working folder, else to the package
 * @throws UserError with the first problem and the number of others
 */
export async function loadManifest(source: string, options: LoadOptions = {}): Promise<Manifest> {
  const { manifest, problems } = await inspectData(source, options);
  refuseErrors(problems);
  for (const { message } of problems) options.note?.(message);
  return manifest;
}
