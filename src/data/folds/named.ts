/** @file Folds that the data bring with them: the parts of a published split, or one fold a site. No group may lie in two. */
import { nearest } from "../../util/suggest.ts";
import { UserError } from "../../util/user-error.ts";
import { assertNoLeak } from "./folds.ts";

/** A fold of each image, and what each fold is called. */
export interface NamedFolds {
  /** held-out fold of each image, 0 … names.length - 1, [n] */
  folds: Int32Array;
  /** of the folds: the parts of an official split, the sites, or the fold numbers */
  names: string[];
}

/** "fold 2" before "fold 10", the same on every machine. */
const { compare } = new Intl.Collator("en", { numeric: true });

/** One fold a name, names sorted. @throws UserError where a group lies in two */
function foldsByName(images: readonly { group: string }[], nameOf: readonly string[]): NamedFolds {
  const names = [...new Set(nameOf)].sort(compare);
  const folds = Int32Array.from(nameOf, (name) => names.indexOf(name));
  assertNoLeak(images, folds, names);
  return { folds, names };
}

/**
 * The parts of an official split as folds.
 * @param images with the part that each lies in, by the name of the split
 * @throws UserError where the split is not there, has no part for an image or one part only, or cuts a group
 */
export function officialFolds(
  images: readonly { path: string; group: string; official?: Readonly<Record<string, string>> }[],
  name: string,
): NamedFolds {
  const known = [...new Set(images.flatMap(({ official }) => Object.keys(official ?? {})))].sort(compare);
  if (!known.includes(name)) {
    const near = nearest(name, known);
    const cure =
      known.length === 0 ? "use a grouped split" : near === undefined ? `choose one of ${known.join(", ")}` : `did you mean "${near}"?`;
    throw new UserError(`the data have no official split "${name}": ${cure}`, { status: 422 });
  }
  const parts = images.map(({ path, official }) => {
    const part = official?.[name];
    if (part === undefined)
      throw new UserError(`${path}: has no part in the official split "${name}"; leave the image out, or use a grouped split`, {
        status: 422,
      });
    return part;
  });
  const split = foldsByName(images, parts);
  if (split.names.length < 2)
    throw new UserError(
      `the official split "${name}" puts every image in "${split.names[0]}", so nothing is left to train on; use a grouped split`,
      { status: 422 },
    );
  return split;
}

/**
 * Leave one site out: a fold a site. A group with images of two sites is refused rather than joined: joined sites would no longer be
 * held out one at a time, which is what the split was asked for.
 * @throws UserError where an image has no site, there is one site only, or a group was seen at two
 */
export function foldsBySite(images: readonly { path: string; group: string; site?: string }[]): NamedFolds {
  const sites = images.map(({ path, site }) => {
    if (site === undefined || site === "")
      throw new UserError(`${path}: has no site, so it can be neither held out nor trained on by site; use a grouped split`, {
        status: 422,
      });
    return site;
  });
  const split = foldsByName(images, sites);
  if (split.names.length < 2)
    throw new UserError(`every image is of the site "${split.names[0]}", so no site is left to train on; use a grouped split`, {
      status: 422,
    });
  return split;
}
