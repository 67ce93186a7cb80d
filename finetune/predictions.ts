/** @file Held-out predictions: what a fold writes of each image, and what the evaluation reads again. */
import { parseCsv, toCsv } from "../src/util/csv.ts";
import { UserError } from "../src/util/user-error.ts";
import { calibratedShares, positiveLogOdds } from "../src/metrics/class-shares.ts";
import type { Fold } from "./fold.ts";
import type { Outcome } from "./protocols/protocol.ts";

/** A held-out prediction. */
export interface Prediction {
  image: string;
  group: string;
  label: string;
  fold: number;
  /** raw log-odds of the positive class against all others: what ranks */
  score: number;
  /** of the positive class, after the temperature that the inner split chose */
  probability: number;
  /** of every class, in the study's order, [classes] */
  shares: number[];
}

export function predictionRows({ held, data, task }: Fold, { logits, calibration }: Outcome): Prediction[] {
  const temperature = calibration?.temperature ?? 1;
  return held.map((image, row) => {
    const { id, group } = data.images[image];
    const shares = calibratedShares(logits[row], temperature);
    const label = task.study.data.classes[data.labels[image]];
    return {
      image: id,
      group,
      label,
      fold: task.fold!,
      score: positiveLogOdds(logits[row]),
      probability: shares[shares.length - 1],
      shares,
    };
  });
}

/** Two classes need no column for each: the probability says all. */
export const predictionsCsv = (rows: readonly Prediction[], more: (row: number) => Record<string, string | number> = () => ({})): string =>
  toCsv(
    rows.map(({ shares, ...row }, i) => ({
      ...more(i),
      ...row,
      ...(shares.length === 2 ? {} : Object.fromEntries(shares.map((share, c) => [`share-${c}`, share]))),
    })),
  );

const COLUMNS = ["image", "group", "label", "fold", "probability", "score"] as const;

/** @throws UserError where columns are missing, or a class is not one of `classes` */
export function readPredictions(text: string, source: string, classes: readonly string[]): Prediction[] {
  const columns = classes.length === 2 ? [] : classes.map((_, c) => `share-${c}`);
  return parseCsv(text, source, [...COLUMNS, ...columns]).map((row) => {
    if (!classes.includes(row.label))
      throw new UserError(`${source}: image ${row.image} has the class "${row.label}", and the study has ${classes.join(", ")}`);
    const probability = Number(row.probability);
    const shares = columns.length === 0 ? [1 - probability, probability] : columns.map((column) => Number(row[column]));
    return { image: row.image, group: row.group, label: row.label, fold: Number(row.fold), score: Number(row.score), probability, shares };
  });
}
