/** @file Linear classifier on pooled features. */
import type { tf } from "../engine/tf.ts";
import { linear, linearParams, type LinearSpec } from "./layers.ts";
import type { Params, ParamSpec } from "./network.ts";

/** A linear classifier. */
export interface LinearHead {
  readonly specs: readonly ParamSpec[];
  /** x [n, from] → logits [n, classes]. */
  apply(params: Params, x: tf.Tensor2D): tf.Tensor2D;
}

/** A head from `from` features to `classes` logits; weights start at N(0, 0.01²): Goyal et al. 2017, arXiv 1706.02677, §5.1. */
export function linearHead({ from, classes, name = "head" }: { from: number; classes: number; name?: string }): LinearHead {
  const layer: LinearSpec = { name, from, to: classes, bias: true, deviation: 0.01 };
  return { specs: linearParams(layer), apply: (params, x) => linear(params, layer, x) };
}
