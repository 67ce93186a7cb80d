/**
 * @file How sure it is that two images show one frame, from how well their detail agrees and over how much of it.
 *
 * Two things may deceive: chance, and another view of the same lesion. The confidence is the product of two logistic curves, one for each.
 * Chance: `npm run bench -- duplicates` looks for BUSI's images among BUS-BRA's, where none can be, and prints the evidence that is found there. Its
 * upper quarter falls off like an exponential, about as steeply as the curve's width says, and the curve stands where this expects less than one
 * pair in a million.
 * Other views: read by eye on BUSI (fixtures/busi-pairs.json), where the curve stands in the gap between the two kinds.
 */
import type { Agreement } from "./alignment.ts";

/** Pairs at least this sure are returned, and belong in one group. */
export const JOIN_CONFIDENCE = 0.5;

const chance = { centre: 27, width: 2 };
const otherView = { centre: 0.425, width: 0.015 };

/** Correlation times the root of the pixels compared, for chance correlations shrink with that root. */
export function evidenceOf({ score, area }: Agreement): number {
  return score * Math.sqrt(area);
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Probability, 0 … 1, that two images whose detail agrees so well show one frame. */
export function confidenceOf(agreement: Agreement): number {
  const notChance = logistic((evidenceOf(agreement) - chance.centre) / chance.width);
  return notChance * logistic((agreement.score - otherView.centre) / otherView.width);
}
