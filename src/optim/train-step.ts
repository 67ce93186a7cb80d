/** @file One training step on flat vectors: loss, gradient, update; op by op, or compiled to a graph. */
import { compile, type CompiledStep } from "../engine/graph/compile.ts";
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

/** The same of a batch's tensors too. What changes from batch to batch must be among them. */
export type BatchLoss = (flat: tf.Tensor1D, batch: tf.Tensor[]) => tf.Scalar;

/** The loss before the update, and the next state; the caller disposes both. */
export type StepResult = { loss: tf.Scalar; state: TrainState };

/** The state before the first step, from initial parameters [p]. */
export const startState = (optimiser: Optimiser, values: Float32Array): TrainState => ({
  flat: tf.tensor1d(values),
  slots: optimiser.init(values.length),
});

export const disposeState = ({ flat, slots }: TrainState): void => tf.dispose([flat, ...slots]);

/** The step as a pure function of tensors: it disposes none of its inputs and reads nothing back, so it can be recorded as a graph. */
export function pureStep(rule: Rule, loss: FlatLoss, { flat, slots }: TrainState, learningRate: tf.Scalar): StepResult {
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor1D))(flat);
    const state = rule.optimiser.update({ ...rule, flat, slots, grad: grad as tf.Tensor1D, learningRate });
    return { loss: value, state };
  });
}

/** The step op by op, as a loop wants it: consumes `state`, whose tensors are disposed (unless the step throws). */
export function trainStep(rule: Rule, loss: FlatLoss, state: TrainState, learningRate: number): StepResult {
  const rate = tf.scalar(learningRate);
  try {
    const result = pureStep(rule, loss, state, rate);
    disposeState(state);
    return result;
  } finally {
    rate.dispose();
  }
}

/** A training step as one graph, where there can be one. */
export interface CompiledTraining extends Pick<CompiledStep, "mode" | "reason" | "dispose"> {
  /** Like `trainStep`, on tensors of the shapes that it was compiled for; the batch stays the caller's. */
  step(state: TrainState, batch: tf.Tensor[], learningRate: number): StepResult;
}

/** Compiles the step on an example, which stays the caller's; a learning rate above 0 lets the check see the update. */
export function compileTraining(
  rule: Rule,
  loss: BatchLoss,
  example: { state: TrainState; batch: tf.Tensor[]; learningRate: number },
): CompiledTraining {
  const slots = example.state.slots.length;
  // masks are inputs, since constants would be copied into the graph's file
  const masks = rule.rates ? [rule.decay, rule.rates] : [rule.decay];
  const inputsOf = ({ flat, slots }: TrainState, batch: tf.Tensor[], rate: tf.Scalar) => [rate, ...masks, flat, ...slots, ...batch];
  const step = (...inputs: tf.Tensor[]): tf.Tensor[] => {
    const [learningRate, decay, ...rest] = inputs;
    const rates = rule.rates && (rest.shift() as tf.Tensor1D);
    const state = { flat: rest[0] as tf.Tensor1D, slots: rest.slice(1, slots + 1) };
    const result = pureStep(
      { ...rule, decay: decay as tf.Tensor1D, rates },
      (flat) => loss(flat, rest.slice(slots + 1)),
      state,
      learningRate as tf.Scalar,
    );
    return [result.loss, result.state.flat, ...result.state.slots];
  };
  const withRate = <T>(learningRate: number, body: (rate: tf.Scalar) => T): T => {
    const rate = tf.scalar(learningRate);
    try {
      return body(rate);
    } finally {
      rate.dispose();
    }
  };
  const { state, batch, learningRate } = example;
  const compiled = withRate(learningRate, (rate) => compile(step, inputsOf(state, batch, rate)));
  return {
    ...compiled,
    step(before, tensors, rate) {
      const [value, flat, ...next] = withRate(rate, (scalar) => compiled.run(inputsOf(before, tensors, scalar)));
      disposeState(before);
      return { loss: value as tf.Scalar, state: { flat: flat as tf.Tensor1D, slots: next } };
    },
  };
}
