/**
 * @file Features as columns of numbers, by what training images say alone: the mean that stands in for a missing number, and the levels that become columns. The
 * audit's columns (src/data/audit/columns.ts) look at all images, which is harmless there, for it looks for leaks; a baseline may have none.
 */
import type { FeatureValue } from "../../src/data/audit/columns.ts";
import { mean } from "../../src/metrics/moments.ts";
import { groupBy } from "../../src/util/group-by.ts";

/** Levels of a category that become columns at most, the most common first. */
const mostLevels = 50;

/** The numbers that a value becomes. */
export type Encoder = (value: FeatureValue) => number[];

/**
 * Numbers stay as they are, and a second column says where one is missing; a category has a column for each level but the most common one and those of a
 * single group, so that a level that training did not see is as the most common one.
 * @param values of the training images
 * @param groups of the training images
 */
export function encoderOf(values: readonly FeatureValue[], groups: readonly (string | number)[]): Encoder {
  const known = values.filter((value) => value !== undefined);
  const numeric = known.filter((value) => typeof value === "number");
  if (numeric.length > 0 && numeric.length === known.length) {
    const middle = mean(numeric);
    return (value) => (typeof value === "number" ? [value, 0] : [middle, 1]);
  }
  const levels = [...groupBy(values.keys(), (i) => String(values[i] ?? ""))]
    .map(([level, members]) => ({ level, groups: new Set(members.map((i) => groups[i])).size }))
    .sort((a, b) => b.groups - a.groups || (a.level < b.level ? -1 : 1))
    .slice(1, 1 + mostLevels)
    .filter((level) => level.groups > 1)
    .map(({ level }) => level);
  return (value) => levels.map((level) => Number(String(value ?? "") === level));
}
