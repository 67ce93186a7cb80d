/** @file Groups that hold: images with identical pixels are one group, and a group whose images differ in class is found. */
import { disjointSets } from "../util/disjoint-sets.ts";
import { groupBy } from "../util/group-by.ts";

/**
 * Joins the groups of images that share content; a joined group takes the name of its first image's group.
 * @param contents content hash of each image, parallel to `images`
 */
export function joinDuplicates<T extends { group: string }>(images: readonly T[], contents: readonly string[]): T[] {
  const sets = disjointSets(images.length);
  for (const keys of [images.map((image) => image.group), contents])
    for (const members of groupBy(keys.keys(), (i) => keys[i]).values()) for (const i of members) sets.join(members[0], i);
  return images.map((image, i) => ({ ...image, group: images[sets.find(i)].group }));
}

/** Groups whose images differ in class, by name. */
export function conflictingGroups<T extends { group: string; label: string }>(images: readonly T[]): Map<string, T[]> {
  const groups = groupBy(images, (image) => image.group);
  return new Map([...groups].filter(([, members]) => members.some((image) => image.label !== members[0].label)));
}
