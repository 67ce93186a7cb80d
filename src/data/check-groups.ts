/** @file What is wrong with the ids and groups of a data set. */
import { groupBy } from "../util/group-by.ts";
import { conflictingGroups } from "./groups.ts";
import type { ListedImage, Problem } from "./manifest.ts";

export function checkIds(listed: readonly ListedImage[], problems: Problem[]): void {
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
 * Reports groups of two classes: an error where a table puts them into one group, a warning where they are one patient, who may well have two
 * lesions, or where they show one picture.
 * @param stated images with the groups that the data set or a table of groups gave
 * @param joined the same images, with duplicates joined
 * @returns the groups that have no class that can be trusted
 */
export function checkGroups(stated: readonly ListedImage[], joined: readonly ListedImage[], problems: Problem[]): Set<string> {
  const known = new Set<string>();
  for (const [group, images] of conflictingGroups(stated)) {
    for (const { id } of images) known.add(id);
    problems.push(
      images.every((image) => image.patient !== undefined)
        ? {
            level: "warning",
            message: `group "${group}": ${inTwoClasses(images)}; studies of both classes leave the group out (${images.length} images)`,
          }
        : {
            level: "error",
            message: `group "${group}": ${inTwoClasses(images)}, but a group has one class; correct the label or the group, or remove these images`,
          },
    );
  }
  const conflicts = conflictingGroups(joined);
  for (const images of conflicts.values())
    if (!images.some(({ id }) => known.has(id)))
      problems.push({
        level: "warning",
        message: `${inTwoClasses(images)}, in one group as they show one picture; studies of both classes leave the group out (${images.length} images)`,
      });
  return new Set(conflicts.keys());
}
