/** @file What a training loop trains: pure functions of tensors, so that a whole step can be recorded as one graph. */
import type { tf } from "../engine/tf.ts";
import type { Optimiser } from "./base.ts";

/** Tensors by name; the names never change over a run. (A type, not an interface: `tf.tidy` returns only those.) */
export type NamedTensors = { [name: string]: tf.Tensor };

/** What training carries from update to update. Its owner disposes it with `disposeState`. */
export type TrainState = {
  /** Parameters [p]. */
  flat: tf.Tensor1D;
  /** The optimiser's own. */
  slots: tf.Tensor[];
  /** What the learner keeps beside its parameters: a moving average of them, a queue. */
  carried: NamedTensors;
  /** Mean gradient so far of the batches that make one update, [p]; none where each batch makes its own. */
  pending: tf.Tensor1D[];
};

/** What a loss may read beside parameters and batch; no gradient flows into it. */
export interface Beside {
  carried: NamedTensors;
  /** Numbers of this update, by name. */
  scalars: { [name: string]: tf.Scalar };
}

/** A loss, and what else is wanted of its batch: for `after`, and for those who watch. */
export type LossOutput = { loss: tf.Scalar; aux?: NamedTensors };

/** What an update left, for `after`. */
export interface Moved extends Beside {
  /** Parameters after the update [p]. */
  flat: tf.Tensor1D;
  /** What the loss gave. */
  aux: NamedTensors;
}

/** All functions are pure: fixed shapes, nothing read back, nothing random, no input disposed; what changes from step to step is a tensor. */
export interface Learner {
  optimiser: Optimiser;
  /** 1 where weight decay applies, else 0, [p]. */
  decay: tf.Tensor1D;
  /** Factors on the learning rate, [p]: 0 freezes. All 1 where absent. */
  rates?: tf.Tensor1D | undefined;
  /** Batches whose gradients are averaged for one update; 1 where absent. */
  accumulate?: number | undefined;
  /** From what the loop made of a batch to what the loss takes, off the gradient tape: augmentation. The batch as it is where absent. */
  prepare?: ((inputs: tf.Tensor[]) => tf.Tensor[]) | undefined;
  /** Called inside a tidy and a gradient tape. */
  loss(flat: tf.Tensor1D, batch: tf.Tensor[], beside: Beside): LossOutput;
  /** Parameters and carried tensors once the optimiser has moved: an average follows, a queue takes rows in. As they are where absent. */
  after?: ((moved: Moved) => Pick<TrainState, "flat" | "carried">) | undefined;
}
