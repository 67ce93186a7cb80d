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
 * Warns of groups of two classes: a patient may have two lesions, and one picture may stand in two classes. Either way no label of the group
 * can be trusted to be the class of its other images.
 * @param stated images with the groups that the data set or a table of groups gave
 * @param joined the same images, with duplicates joined
 * @returns the names of such groups
 */
export function checkGroups(stated: readonly ListedImage[], joined: readonly ListedImage[], problems: Problem[]): Set<string> {
  const known = new Set([...conflictingGroups(stated).values()].flatMap((images) => images.map(({ id }) => id)));
  const conflicts = conflictingGroups(joined);
  for (const [group, images] of conflicts) {
    const why = images.some(({ id }) => known.has(id)) ? `in the group "${group}"` : "in one group as they show one picture";
    problems.push({
      level: "warning",
      message: `${inTwoClasses(images)}, ${why}; studies of both classes leave the group out (${images.length} images)`,
    });
  }
  return new Set(conflicts.keys());
}
