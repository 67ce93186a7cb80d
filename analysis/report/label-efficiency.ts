/** @file What each way to a classifier reaches with how many of the labels. */
import { armName } from "../../src/config/arm.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { LabelCurve } from "../../src/config/report.ts";
import { groupBy } from "../../src/util/group-by.ts";

/** One curve for each protocol and initialisation, by rising share; [] where the study has one share. */
export function labelEfficiency(models: Evaluation["models"]): LabelCurve[] {
  if (new Set(models.map(({ arm }) => arm.labels)).size < 2) return [];
  return [...groupBy(models, ({ arm }) => armName({ ...arm, labels: 1 }))].map(([name, own]) => ({
    name,
    points: own.map(({ arm: { labels }, auroc }) => ({ labels, auroc })).sort((a, b) => a.labels - b.labels),
  }));
}
