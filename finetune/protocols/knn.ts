/** @file Protocol `knn`: the classes of the nearest training images by frozen features; number of neighbours and temperature are chosen inside. */
import { frozenEncoder } from "../features.ts";
import { knnProbe } from "../probes.ts";
import { bankOf } from "./bank.ts";
import { calibrationOf, logitsOfShares } from "./inner-shares.ts";
import type { ProtocolRun } from "./protocol.ts";

export const knn: ProtocolRun = async (_context, fold) => {
  const frozen = frozenEncoder(fold);
  const { shares, inner, chosen } = knnProbe(bankOf(fold, frozen), frozen.featuresOf(fold.held));
  return { logits: logitsOfShares(shares), calibration: calibrationOf(fold, inner), chosen: { ...chosen } };
};
