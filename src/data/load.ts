/** @file Opens a data set: finds the reader, examines every file, joins images of one picture, and tells every problem in one go. */
import { readFile } from "node:fs/promises";
import { hashOf } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";
import { checkGroups, checkIds } from "./check-groups.ts";
import { checkClasses } from "./check-study.ts";
import type { Signature } from "./duplicates/signature.ts";
import { examineImages } from "./examine.ts";
import type { ImageFacts } from "./facts.ts";
import type { DataFiles } from "./files/data-files.ts";
import { equalContent, joinGroups } from "./groups.ts";
import { regroup } from "./groups-file.ts";
import { locate, resolvePath } from "./locate.ts";
import type { ImageRecord, Manifest, Problem, Reader } from "./manifest.ts";
import { withTarget } from "./target.ts";
import { joinable, nearDuplicates, warnOfParted, type Pair } from "./near-duplicates.ts";

export interface LoadOptions {
  /** the classes of a study: images of others are left out, and so are groups that hold several of them */
  classes?: readonly string[];
  /** what is predicted: "label", or a column of the data set's tables; default "label" */
  target?: string;
  /** which images count as one picture; default "exact" */
  duplicates?: "near" | "exact";
  /** path of a table image,group that decides groups instead of the data set; near-duplicates are then only reported */
  groups?: string;
  /** hears which reader took the data, and why */
  note?: (sentence: string) => void;
  /** `what` is "reading images", "comparing images" or "comparing with the study" */
  progress?: (done: number, total: number, what: string) => void;
  /** cache folder, else the user's */
  cache?: string;
}

export interface Inspection {
  /** without the images that have errors */
  manifest: Manifest;
  problems: Problem[];
  /** near-duplicates among the images; none where they were not asked for */
  pairs: Pair[];
  /** of each image of the manifest */
  facts: ImageFacts[];
  /** of each image of the manifest: what near-duplicates are found by */
  signatures: Signature[];
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The data set with all of its problems. @throws UserError only where there is nothing to inspect */
export async function inspectData(source: string, { note, ...options }: LoadOptions = {}): Promise<Inspection> {
  const { reader, files, why } = await locate(source);
  note?.(why);
  try {
    return await inspectFiles(reader, files, options);
  } finally {
    await files.close();
  }
}

async function inspectFiles(reader: Reader, files: DataFiles, options: Omit<LoadOptions, "note">): Promise<Inspection> {
  const { classes, target = "label", duplicates = "exact", groups = "", progress, cache } = options;
  const { root } = files;
  const telling = (what: string) => (done: number, total: number) => progress?.(done, total, what);
  const listing = await reader.read(files);
  const problems = [...listing.problems];
  if (listing.images.length === 0) {
    refuseErrors(problems);
    throw new UserError(`${root}: ${reader.name} found no images there; check the path of the data set`, { status: 422 });
  }
  const labelled = withTarget(listing.images, target, classes);
  if (classes)
    checkClasses(
      labelled.map((image) => image.label),
      classes,
    );
  const chosen = labelled.filter((image) => !classes || classes.includes(image.label)).sort(byId);
  const listed = groups === "" ? chosen : regroup(chosen, await readTable(groups), groups, problems);
  checkIds(listed, problems);

  const examined = await examineImages(files, reader, listed, problems, { progress: telling("reading images"), cache });
  const records = examined.map((one) => one.image);
  const exact = equalContent(examined.map(({ facts }) => facts.content));
  const alike = duplicates === "near" ? await nearDuplicates(examined, { progress: telling("comparing images"), cache }) : [];
  const pairs = joinable(records, alike, problems);
  const joined = joinGroups(records, groups === "" ? [...exact, ...pairs.map(({ a, b }) => [a, b] as const)] : exact);
  if (groups !== "") warnOfParted(joined, pairs, groups, problems);
  const unusable = checkGroups(listed, joined, problems);

  const kept = joined.map((image, i) => ({ ...examined[i], image })).filter(({ image }) => !classes || !unusable.has(image.group));
  const { name, licence, citation } = reader;
  const note = [
    listing.note,
    duplicates === "exact" ? "Near-duplicates were not looked for: copies of one picture may lie on both sides of a split." : "",
    kept.length < joined.length ? `${joined.length - kept.length} images are left out: their group holds several classes.` : "",
  ];
  return {
    manifest: {
      reader: name,
      root,
      images: kept.map(({ image }) => image),
      licence,
      citation,
      note: note.filter(Boolean).join(" "),
      digest: digestOf(kept.map(({ image }) => image)),
    },
    problems: problems.sort((a, b) => (a.message < b.message ? -1 : 1)),
    pairs: pairs.map(({ a, b, ...sure }) => ({ a: records[a].path, b: records[b].path, ...sure })),
    facts: kept.map(({ facts }) => facts),
    signatures: kept.map(({ signature }) => signature),
  };
}

/** Everything that results may depend on. */
export const digestOf = (images: readonly ImageRecord[]): string =>
  hashOf(
    images.map(({ id, label, group, sha256, maskHashes, site, spacing, official }) => [
      [id, label, group, sha256, maskHashes],
      { site, spacing, official },
    ]),
  );

async function readTable(path: string): Promise<string> {
  const file = await resolvePath(path);
  return readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`${path}: the table of groups cannot be read (${cause.code ?? cause.message}); check data.groups`, { cause });
  });
}

/** @throws UserError (422) with the first error and the number of others */
export function refuseErrors(problems: readonly Problem[]): void {
  const [first, ...others] = problems.filter((problem) => problem.level === "error");
  if (first === undefined) return;
  const more = others.length > 0 ? ` (and ${others.length} more: \`sonomark data check\` lists them)` : "";
  throw new UserError(first.message + more, { status: 422 });
}

/**
 * The manifest of a data set that has no errors, in the order of ids.
 * @param source `reader:path`, or a path alone: then the layout is recognised; relative to the working folder, else to the package
 * @throws UserError with the first problem and the number of others
 */
export async function loadManifest(source: string, options: LoadOptions = {}): Promise<Manifest> {
  return (await loadData(source, options)).manifest;
}

/** As {@link loadManifest}, with what else was learnt of the images. */
export async function loadData(source: string, options: LoadOptions = {}): Promise<Omit<Inspection, "problems">> {
  const { problems, ...inspection } = await inspectData(source, options);
  refuseErrors(problems);
  for (const { message } of problems) options.note?.(message);
  return inspection;
}
