/** @file Protocol `linear`: a penalised logistic regression on frozen features, solved to the optimum; the penalty is chosen inside. */
import { multinomialLogits } from "../../src/metrics/multinomial.ts";
import { frozenEncoder } from "../features.ts";
import { linearProbe } from "../probes.ts";
import { bankOf } from "./bank.ts";
import { calibrationOf } from "./inner-shares.ts";
import type { ProtocolRun } from "./protocol.ts";

/** The head in the classifier's own form: encoder, pooling and these weights are a network as fine-tuning makes one. */
export const linear: ProtocolRun = async (_context, fold) => {
  const frozen = frozenEncoder(fold);
  const queries = frozen.featuresOf(fold.held);
  const { model, inner, chosen } = linearProbe(bankOf(fold, frozen), queries);
  const logits = multinomialLogits(model, queries);
  const [, ...others] = model.weights;
  const kernel = [...model.weights[0]].flatMap((weight, j) => [weight, ...others.map((own) => own[j])]); // [d, classes]
  const head = Float32Array.from([...kernel, ...model.intercepts]);
  const flat = new Float32Array(fold.start.length + head.length);
  flat.set(fold.start);
  flat.set(head, fold.start.length);
  return { logits, calibration: calibrationOf(fold, inner), weights: { flat, statistics: frozen.statistics }, chosen: { ...chosen } };
};
