/** @file Metadata as columns of numbers for a linear model. */
import { groupBy } from "../../util/group-by.ts";
import { mean } from "../../metrics/moments.ts";

/** What a feature says of one image; undefined where nothing is known. */
export type FeatureValue = number | string | undefined;

/** Levels of a category that become columns at most, the most common first: a column a hospital is useful, one a file name is not. */
const mostLevels = 50;

/**
 * Numbers stay as they are; where some are missing the mean stands in, and a column says which. Categories become one column a level,
 * but for the most common level and for levels of a single group: what one patient alone has cannot be learnt from others.
 * @param values [images]
 * @param groups [images]
 * @returns [columns][images]; none where the feature is the same everywhere
 */
export function columnsOf(values: readonly FeatureValue[], groups: readonly string[]): Float64Array[] {
  const numbers = values.filter((value) => typeof value === "number");
  const columns =
    numbers.length > 0 && values.every((value) => typeof value !== "string")
      ? numericColumns(values, mean(numbers))
      : categoryColumns(
          values.map((value) => (value === undefined ? "" : String(value))),
          groups,
        );
  return columns.filter((column) => column.some((value) => value !== column[0]));
}

const numericColumns = (values: readonly (number | undefined)[], middle: number): Float64Array[] => [
  Float64Array.from(values, (value) => value ?? middle),
  Float64Array.from(values, (value) => (value === undefined ? 1 : 0)),
];

function categoryColumns(values: readonly string[], groups: readonly string[]): Float64Array[] {
  const levels = [...groupBy(values.keys(), (i) => values[i])]
    .map(([level, members]) => ({ level, groups: new Set(members.map((i) => groups[i])).size }))
    .sort((a, b) => b.groups - a.groups || (a.level < b.level ? -1 : 1))
    .slice(1, 1 + mostLevels)
    .filter((level) => level.groups > 1);
  return levels.map(({ level }) => Float64Array.from(values, (value) => (value === level ? 1 : 0)));
}
