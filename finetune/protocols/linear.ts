/** @file Protocol `linear`: a penalised logistic regression on frozen features, solved to the optimum; the penalty is chosen inside. */
import { frozenEncoder } from "../features.ts";
import { linearProbe } from "../probes.ts";
import { bankOf } from "./bank.ts";
import type { ProtocolRun } from "./protocol.ts";

/** The head in the classifier's own form: encoder, pooling and these weights are a network as fine-tuning makes one. */
export const linear: ProtocolRun = async (_context, fold) => {
  const frozen = frozenEncoder(fold);
  const queries = frozen.featuresOf(fold.held);
  const { model, chosen } = linearProbe(bankOf(fold, frozen), queries);
  const { intercept, weights } = model;
  const logits = queries.map((row) => [0, weights.reduce((sum, weight, j) => sum + weight * row[j], intercept)]);
  const head = Float32Array.from([...[...weights].flatMap((weight) => [0, weight]), 0, intercept]); // kernel [d, 2], bias [2]
  const flat = new Float32Array(fold.start.length + head.length);
  flat.set(fold.start);
  flat.set(head, fold.start.length);
  return { logits, calibration: null, weights: { flat, statistics: frozen.statistics }, chosen: { ...chosen } };
};
