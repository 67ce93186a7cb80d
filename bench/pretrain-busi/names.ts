/** @file What is measured, and what it is called. */

/** Shares of the training groups whose labels fine-tuning is given. */
export const SHARES = [0.1, 0.25, 1] as const;
/** Inner folds of the training images of an outer fold. */
export const INNER_FOLDS = 3;
export const UNTRAINED = "untrained";

/** Key of a fine-tuning's scores. */
export const fineTuning = (share: number): string => `fine-tune ${Math.round(100 * share)} %`;

/** Keys of scores, in the order of the tables, and their column heads. */
export const MEASURES: readonly (readonly [key: string, title: string])[] = [
  ["knn", "kNN"],
  ["linear", "linear probe"],
  ...SHARES.map((share) => [fineTuning(share), fineTuning(share)] as const),
];
