/** @file What images may be divided by: site, drawn marks, and columns of the data set's tables that have few values. */
import type { ImageFacts } from "../../src/data/facts.ts";
import type { ImageRecord } from "../../src/data/manifest.ts";

/** A column with more values is not a division but a description. */
const MOST_VALUES = 8;

/**
 * @param target what is predicted: no division
 * @returns name → value of each image, "" where unknown; only what has two values or more
 */
export function attributesOf(
  images: readonly Pick<ImageRecord, "site" | "annotations" | "masks">[],
  facts: readonly Pick<ImageFacts, "annotated">[],
  target: string,
): Map<string, string[]> {
  const columns = [...new Set(images.flatMap(({ annotations }) => Object.keys(annotations ?? {})))].sort();
  const all: [string, string[]][] = [
    ["site", images.map(({ site }) => site ?? "")],
    ["drawn marks", facts.map(({ annotated }) => (annotated > 0 ? "with" : "without"))],
    ...columns
      .filter((column) => column !== target)
      .map((column): [string, string[]] => [column, images.map(({ annotations }) => annotations?.[column] ?? "")]),
  ];
  return new Map(all.filter(([, values]) => divides(values)));
}

function divides(values: readonly string[]): boolean {
  const distinct = new Set(values.filter((value) => value !== ""));
  return distinct.size >= 2 && distinct.size <= MOST_VALUES;
}
