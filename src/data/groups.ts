/** @file Groups that hold: images that show one picture are one group, and a group whose images differ in class is found. */
import { disjointSets } from "../util/disjoint-sets.ts";
import { groupBy } from "../util/group-by.ts";

/** Two images, by index, that must not be parted. */
export type Link = readonly [a: number, b: number];

/** Links between images of equal content. @param contents content hash of each image */
export const equalContent = (contents: readonly string[]): Link[] =>
  [...groupBy(contents.keys(), (i) => contents[i]).values()].flatMap(([first, ...others]) => others.map((i): Link => [first, i]));

/** Joins the groups of linked images; a joined group takes the name of its first image's group. */
export function joinGroups<T extends { group: string }>(images: readonly T[], links: Iterable<Link>): T[] {
  const sets = disjointSets(images.length);
  for (const members of groupBy(images.keys(), (i) => images[i].group).values()) for (const i of members) sets.join(members[0], i);
  for (const [a, b] of links) sets.join(a, b);
  return images.map((image, i) => ({ ...image, group: images[sets.find(i)].group }));
}

/** Groups whose images differ in class, by name. */
export function conflictingGroups<T extends { group: string; label: string }>(images: readonly T[]): Map<string, T[]> {
  const groups = groupBy(images, (image) => image.group);
  return new Map([...groups].filter(([, members]) => members.some((image) => image.label !== members[0].label)));
}
