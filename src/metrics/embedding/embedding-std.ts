/**
 * @file How far embeddings spread on the sphere, the plainest sign of collapse.
 * Reference: Chen & He 2021, Exploring simple Siamese representation learning, arXiv 2011.10566, §4.1 and figure 2.
 */
import { mean, sd } from "../moments.ts";
import { checkRows, unitRows, type Rows } from "./unit-rows.ts";

/**
 * Standard deviation (divisor n - 1) of each dimension of the embeddings scaled to length 1, mean over dimensions.
 * @param rows [n][d], n ≥ 2
 * @returns 0 where all images have one direction, 1/√d where directions are spread evenly
 */
export function embeddingStd(rows: Rows): number {
  checkRows("embeddingStd", rows);
  const units = unitRows(rows);
  return mean(Array.from(units[0], (_, j) => sd(units.map((row) => row[j]))));
}
