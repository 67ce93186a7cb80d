/** @file The table of groups that people correct: `image,group`, image = path from the data root. */
import { parseCsv, toCsv } from "../util/csv.ts";
import type { Problem } from "./manifest.ts";
import { readEach, refuse, stemOf } from "./readers/listing.ts";

type Grouped = Readonly<{ path: string; group: string }>;

/** In the order of the images. */
export const groupsCsv = (images: readonly Grouped[]): string =>
  toCsv(
    images.map(({ path, group }) => ({ image: path, group })),
    ["image", "group"],
  );

/**
 * Images with the groups of a table instead of their own; those that the table leaves out, or puts into two groups, become problems.
 * Rows of other images do no harm: a study may use some classes only. A path may stand without its extension.
 * @param name the file, for error messages
 * @throws UserError where the text is no table of image and group
 */
export function regroup<T extends Grouped>(images: readonly T[], text: string, name: string, problems: Problem[]): T[] {
  const groups = new Map<string, string>();
  readEach(parseCsv(text, name, ["image", "group"]), problems, ({ image, group }) => {
    const known = groups.get(image);
    if (known !== undefined && known !== group) refuse(`${name}: ${image} is in the groups "${known}" and "${group}"; keep one row`);
    if (group === "") refuse(`${name}: ${image} has an empty group; fill it in`);
    groups.set(image, group);
  });
  return readEach(images, problems, (image) => {
    const { path } = image;
    const group = groups.get(path) ?? groups.get(stemOf(path)) ?? refuse(`${name}: has no row for ${path}; add image,group for it`);
    return { ...image, group };
  });
}
