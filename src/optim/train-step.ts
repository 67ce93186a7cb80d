/** @file One training step on flat vectors: loss, gradient, update. */
import { tf } from "../engine/tf.ts";
import type { Optimiser } from "./base.ts";

/** What training carries from step to step: parameters [p] and the optimiser's state. Its owner disposes it with `disposeState`. */
export type TrainState = { flat: tf.Tensor1D; slots: tf.Tensor[] };

/** What stays the same over a run. */
export interface Rule {
  optimiser: Optimiser;
  /** 1 where weight decay applies, else 0, [p]. */
  decay: tf.Tensor1D;
  /** Factors on the learning rate, [p]: 0 freezes. All 1 where absent. */
  rates?: tf.Tensor1D | undefined;
}

/** A loss of the parameters [p]; called once a step, inside a tidy and a gradient tape. */
export type FlatLoss = (flat: tf.Tensor1D) => tf.Scalar;

/** The state before the first step, from initial parameters [p]. */
export const startState = (optimiser: Optimiser, values: Float32Array): TrainState => ({
  flat: tf.tensor1d(values),
  slots: optimiser.init(values.length),
});

export const disposeState = ({ flat, slots }: TrainState): void => tf.dispose([flat, ...slots]);

/**
 * The step as a pure function of tensors: it disposes none of its inputs and reads nothing back, so it can be recorded as a graph.
 * @returns the loss before the update, and the next state; the caller disposes both
 */
export function pureStep(
  rule: Rule,
  loss: FlatLoss,
  { flat, slots }: TrainState,
  learningRate: tf.Scalar,
): { loss: tf.Scalar; state: TrainState } {
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor1D))(flat);
    const state = rule.optimiser.update({ ...rule, flat, slots, grad: grad as tf.Tensor1D, learningRate });
    return { loss: value, state };
  });
}

/**
 * The step as a loop wants it: consumes `state`, whose tensors are disposed (unless the step throws).
 * @returns the loss before the update, and the next state; the caller disposes both
 */
export function trainStep(rule: Rule, loss: FlatLoss, state: TrainState, learningRate: number): { loss: tf.Scalar; state: TrainState } {
  const rate = tf.scalar(learningRate);
  try {
    const result = pureStep(rule, loss, state, rate);
    disposeState(state);
    return result;
  } finally {
    rate.dispose();
  }
}
