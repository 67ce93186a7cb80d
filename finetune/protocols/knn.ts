/** @file Protocol `knn`: the classes of the nearest training images by frozen features; number of neighbours and temperature are chosen inside. */
import { frozenEncoder } from "../features.ts";
import { knnProbe } from "../probes.ts";
import { bankOf } from "./bank.ts";
import type { ProtocolRun } from "./protocol.ts";

/** A class that no neighbour has is held for this unlikely, so that its logarithm is finite. */
const LEAST_SHARE = 1e-6;

export const knn: ProtocolRun = async (_context, fold) => {
  const frozen = frozenEncoder(fold);
  const { scores, chosen } = knnProbe(bankOf(fold, frozen), frozen.featuresOf(fold.held));
  const logits = scores.map((share) => [1 - share, share].map((value) => Math.log(Math.max(value, LEAST_SHARE))));
  return { logits, calibration: null, chosen: { ...chosen } };
};
