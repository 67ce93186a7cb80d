/**
 * @file How sure it is that two images show one frame, from how well their detail agrees and over how much of it.
 */
import type { Agreement } from "./alignment.ts";

/** Pairs at least this sure are returned, and belong in one group. */
export const JOIN_CONFIDENCE = 0.5;

/** Correlation times the root of the pixels compared: chance correlations shrink with that root. */
export function evidenceOf({ score, area }: Agreement): number {
  return score * Math.sqrt(area);
}

export function confidenceOf(agreement: Agreement): number {
  return 1 / (1 + Math.exp(-(evidenceOf(agreement) - 27) * 0.8));
}
