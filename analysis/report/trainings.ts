/** @file AUROC and Brier score of every training by itself: how much of a result another deal of groups, or another seed, would change. */
import type { Training } from "../../src/config/report.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { brier } from "../../src/metrics/brier.ts";
import { groupBy } from "../../src/util/group-by.ts";
import type { HeldOut } from "./held-out.ts";

/** In the order of the predictions; [] where every arm was trained once, since the performance table says it then. */
export function trainings(predictions: readonly HeldOut[]): Training[] {
  const found = [...groupBy(predictions, ({ model, repeat, seed }) => `${model} ${repeat} ${seed}`).values()].map((rows) => {
    const labels = rows.map(({ positive }) => positive);
    const { model, repeat, seed } = rows[0];
    return {
      ...{ arm: model, repeat, seed },
      auroc: auroc(
        labels,
        rows.map(({ score }) => score),
      ),
      brier: brier(
        labels,
        rows.map(({ probability }) => probability),
      ),
    };
  });
  return found.every(({ repeat, seed }) => repeat === 0 && seed === 0) ? [] : found;
}
