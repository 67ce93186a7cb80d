/**
 * @file Projection head of contrastive learning: linear, batch norm, rectifier, linear. Thrown away after pretraining.
 * Reference: Chen et al. 2020, arXiv 2002.05709, §2.1 (`z = W₂ σ(W₁ h)`), with batch norm on the hidden layer as in their code.
 */
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";
import { linear, linearParams, norm, normParams, type LinearSpec, type NormSpec } from "./layers.ts";
import type { NormMode, Params, ParamSpec } from "./network.ts";

/** A head that maps pooled features to embeddings. */
export interface Projector {
  readonly specs: readonly ParamSpec[];
  readonly norms: readonly NormSpec[];
  /** x [n, from] → embeddings [n, to], not normalised. */
  apply(params: Params, x: tf.Tensor2D, mode: NormMode): tf.Tensor2D;
}

/** A projector from `from` features over `hidden` units to embeddings of length `to`; its parameters' names start with `name`. */
export function projector({
  from,
  hidden,
  to,
  name = "projector",
}: {
  from: number;
  hidden: number;
  to: number;
  name?: string;
}): Projector {
  const first: LinearSpec = { name: `${name}.first`, from, to: hidden, bias: false, deviation: Math.sqrt(2 / from) };
  const second: LinearSpec = { name: `${name}.second`, from: hidden, to, bias: false, deviation: Math.sqrt(1 / hidden) };
  const hiddenNorm: NormSpec = { name: `${name}.first.norm`, channels: hidden };
  return {
    specs: [...linearParams(first), ...normParams(hiddenNorm), ...linearParams(second)],
    norms: [hiddenNorm],
    apply: (params, x, mode) =>
      tf.tidy(() => {
        const grid = tf.reshape<tf.Rank.R4>(linear(params, first, x), [x.shape[0], 1, 1, hidden]); // a norm reads [n, h, w, c]
        const y = tf.reshape<tf.Rank.R2>(relu(norm(params, hiddenNorm, grid, mode)), [x.shape[0], hidden]);
        return linear(params, second, y);
      }),
  };
}
