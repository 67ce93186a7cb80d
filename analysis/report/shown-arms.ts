/** @file Which arms figures of curves draw: as many as eyes can tell apart. */
import type { Evaluation } from "../../src/config/evaluation.ts";

/** Colours and dashes that the style sheet has. */
export const MOST_CURVES = 6;

/**
 * The first arm, then those with most labels, in the study's order: never chosen by their results.
 * @returns positions in `models`
 */
export function shownArms(models: Evaluation["models"], most = MOST_CURVES): number[] {
  const others = models.map((_, i) => i).slice(1);
  const byLabels = others.sort((a, b) => models[b].arm.labels - models[a].arm.labels || a - b);
  return [0, ...byLabels.slice(0, most - 1)];
}

/** What a caption says of the arms that are not drawn; empty where all are. */
export const omitted = (models: Evaluation["models"]): string =>
  models.length > MOST_CURVES
    ? ` Drawn are the first arm and the ${MOST_CURVES - 1} with most labels, in the study's order; all ${models.length} are in the tables.`
    : "";
