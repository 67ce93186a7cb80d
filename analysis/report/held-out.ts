/** @file `oof-predictions.csv` of the evaluate task, read again: the held-out prediction of every image by every arm and training. */
import type { StudyConfig } from "../../src/config/study.ts";
import { parseCsv } from "../../src/util/csv.ts";
import { UserError } from "../../src/util/user-error.ts";

export interface HeldOut {
  /** name of the arm */
  model: string;
  repeat: number;
  seed: number;
  image: string;
  /** stays in the store: a report shows no group */
  group: string;
  label: string;
  /** 1 for the last class, 0 for all others */
  positive: 0 | 1;
  fold: number;
  /** of the positive class, calibrated */
  probability: number;
  /** raw log-odds of the positive class: what ranks */
  score: number;
}

const COLUMNS = ["model", "repeat", "seed", "image", "group", "label", "fold", "probability", "score"];

/** @throws UserError where columns are missing, or a number is none */
export function readHeldOut(text: string, source: string, { data: { classes } }: Pick<StudyConfig, "data">): HeldOut[] {
  return parseCsv(text, source, COLUMNS).map((row) => {
    const number = (column: string) => {
      const value = Number(row[column]);
      if (row[column] !== "" && Number.isFinite(value)) return value;
      throw new UserError(`${source}: image ${row.image} has the ${column} "${row[column]}", which is no number; run the study again`, {
        status: 422,
      });
    };
    return {
      ...{ model: row.model, image: row.image, group: row.group, label: row.label },
      positive: row.label === classes[classes.length - 1] ? 1 : 0,
      ...{ repeat: number("repeat"), seed: number("seed"), fold: number("fold") },
      ...{ probability: number("probability"), score: number("score") },
    };
  });
}

/** What one training of an arm says of the images it holds out, in the file's order. */
export const trainingOf = (predictions: readonly HeldOut[], model: string, repeat = 0, seed = 0): HeldOut[] =>
  predictions.filter((row) => row.model === model && row.repeat === repeat && row.seed === seed);
