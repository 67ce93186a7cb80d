/** @file Cross-validation folds: grouped (a group is never split), stratified by class, seeded; and the hard stop against leaks. */
import { toCsv } from "../../util/csv.ts";
import { groupBy } from "../../util/group-by.ts";
import { rngOf, shuffle } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";

interface Fold {
  index: number;
  /** groups and images of the class at hand */
  classGroups: number;
  classImages: number;
  /** images of all classes so far */
  images: number;
}

/** Whether fold `a` should take the next group before fold `b`: fewest groups of the class, then fewest of its images, then fewest images. */
const lighter = (a: Fold, b: Fold): number =>
  a.classGroups - b.classGroups || a.classImages - b.classImages || a.images - b.images || a.index - b.index;

/**
 * Deals whole groups to `k` folds, class by class, largest group first (shuffled among equals), each to the fold that has least.
 * So the numbers of a class's groups differ by at most one between folds. A group of several classes forms a class of its own.
 * The folds depend on groups, labels, seed and repeat, never on the order of the images.
 * @param repeat of repeated cross-validation: each deals the groups anew
 * @returns held-out fold of each image, 0 … k-1, [n]
 */
export function foldsOf(images: readonly { group: string; label: string }[], k: number, seed: number, repeat = 0): Int32Array {
  if (!Number.isInteger(k) || k < 2) throw new RangeError(`foldsOf: k must be an integer of at least 2, got ${k}`);
  if (!Number.isInteger(repeat) || repeat < 0) throw new RangeError(`foldsOf: repeat must be an integer of at least 0, got ${repeat}`);
  const groups = [...groupBy(images, (image) => image.group)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => ({
      name,
      size: members.length,
      stratum: [...new Set(members.map((image) => image.label))].sort().join("\n"),
    }));
  shuffle(groups, repeat === 0 ? rngOf(seed, "folds") : rngOf(seed, "folds", "repeat", repeat));
  const folds: Fold[] = Array.from({ length: k }, (_, index) => ({ index, classGroups: 0, classImages: 0, images: 0 }));
  const foldOf = new Map<string, number>();
  for (const stratum of [...new Set(groups.map((group) => group.stratum))].sort()) {
    for (const fold of folds) fold.classGroups = fold.classImages = 0;
    for (const { name, size } of groups.filter((group) => group.stratum === stratum).sort((a, b) => b.size - a.size)) {
      const fold = folds.reduce((best, other) => (lighter(other, best) < 0 ? other : best));
      fold.classGroups++;
      fold.classImages += size;
      fold.images += size;
      foldOf.set(name, fold.index);
    }
  }
  const result = Int32Array.from(images, (image) => foldOf.get(image.group)!);
  assertNoLeak(images, result);
  return result;
}

/**
 * The hard stop against leaks: whatever made the folds, no group lies in two of them.
 * @param folds fold of each image, parallel to `images`
 * @param names of the folds, where they have names
 * @throws UserError that names the group and both folds
 */
export function assertNoLeak(images: readonly { group: string }[], folds: ArrayLike<number>, names?: readonly string[]): void {
  if (folds.length !== images.length)
    throw new RangeError(`assertNoLeak: there must be a fold for each of ${images.length} images, got ${folds.length}`);
  const foldOf = new Map<string, number>();
  const named = (fold: number) => (names ? `"${names[fold]}"` : fold);
  images.forEach(({ group }, i) => {
    const known = foldOf.get(group) ?? folds[i];
    if (known !== folds[i])
      throw new UserError(
        `group "${group}" lies in the folds ${named(known)} and ${named(folds[i])}, so training would see what testing asks for: put all of its images in one fold`,
        { status: 422 },
      );
    foldOf.set(group, known);
  });
}

/** The folds as a table: image (path from the data root), group, fold. */
export function foldsCsv(images: readonly { path: string; group: string }[], folds: ArrayLike<number>): string {
  assertNoLeak(images, folds);
  return toCsv(
    images.map(({ path, group }, i) => ({ image: path, group, fold: folds[i] })),
    ["image", "group", "fold"],
  );
}
