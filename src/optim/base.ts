/**
 * @file An optimiser is a pair of pure functions on flat vectors: a first state, and an update that returns new tensors.
 * Everything that changes from step to step is a tensor, so that a step can be recorded as a graph.
 */
import type { tf } from "../engine/tf.ts";

/** One update's inputs; none is changed or disposed. */
export interface UpdateInput {
  /** Parameters [p]. */
  flat: tf.Tensor1D;
  /** Gradient [p]. */
  grad: tf.Tensor1D;
  /** What the last update or `init` returned. */
  slots: readonly tf.Tensor[];
  learningRate: tf.Scalar;
  /** Factors on the weight decay, [p]: 0 is none, for biases and norms; lars also leaves those to plain SGD. */
  decay: tf.Tensor1D;
  /** Factors on the learning rate, [p]: 0 freezes. All 1 where absent. */
  rates?: tf.Tensor1D | undefined;
}

/** New parameters and state; they belong to the caller. (A type, not an interface: `tf.tidy` returns only those.) */
export type UpdateOutput = { flat: tf.Tensor1D; slots: tf.Tensor[] };

/** An update rule. */
export interface Optimiser {
  /** The state before the first update of `size` parameters; belongs to the caller. */
  init(size: number): tf.Tensor[];
  update(input: UpdateInput): UpdateOutput;
}

/** Learning rate of each parameter: a scalar, or [p] with rates. */
export const stepSize = ({ learningRate, rates }: UpdateInput): tf.Tensor => (rates ? rates.mul(learningRate) : learningRate);
