/** @file One training step on flat vectors: augmentation, loss, gradient, update and what follows it; op by op, or compiled to a graph. */
import { compile, type CompiledStep } from "../engine/graph/compile.ts";
import { tf } from "../engine/tf.ts";
import type { Optimiser } from "./base.ts";
import { gradientNorm } from "./clip.ts";
import type { Beside, Learner, LossOutput, NamedTensors, TrainState } from "./learner.ts";

/** Loss and gradient's length before the update, and the next state; the caller disposes all. */
export type StepResult = { loss: tf.Scalar; gradientNorm: tf.Scalar; aux: NamedTensors; state: TrainState };

/** Numbers of one step: the learning rate, and what the learner reads by name. */
export interface StepNumbers {
  learningRate: number;
  scalars?: Record<string, number> | undefined;
  /** Whether this batch completes an update; true where absent. Read only where gradients are accumulated. */
  completes?: boolean | undefined;
}
/** The same as tensors. */
interface StepScalars {
  learningRate: tf.Scalar;
  scalars: Beside["scalars"];
  completes: tf.Scalar;
}

/** The state before the first step, from initial parameters [p]; carried tensors become the state's. */
export const startState = (
  { optimiser, accumulate = 1 }: Pick<Learner, "accumulate"> & { optimiser: Optimiser },
  values: Float32Array,
  carried: NamedTensors = {},
): TrainState => ({
  flat: tf.tensor1d(values),
  slots: optimiser.init(values.length),
  carried,
  pending: accumulate > 1 ? [tf.zeros([values.length])] : [],
});

/** Every tensor of a state, in one order. */
export const tensorsOf = ({ flat, slots, pending, carried }: TrainState): tf.Tensor[] => [
  flat,
  ...slots,
  ...pending,
  ...Object.values(carried),
];

/** A state of the form of `like` from tensors in the order of `tensorsOf`. */
export function stateOf(like: TrainState, [flat, ...rest]: readonly tf.Tensor[]): TrainState {
  const slots = rest.slice(0, like.slots.length);
  const pending = rest.slice(slots.length, slots.length + like.pending.length) as tf.Tensor1D[];
  return { flat: flat as tf.Tensor1D, slots, pending, carried: named(like.carried, rest.slice(slots.length + pending.length)) };
}

export const disposeState = (state: TrainState): void => tf.dispose(tensorsOf(state));

const named = (like: object, tensors: readonly tf.Tensor[]): NamedTensors =>
  Object.fromEntries(Object.keys(like).map((name, i) => [name, tensors[i]]));

/** The step as a pure function of tensors: it disposes none of its inputs and reads nothing back, so it can be recorded as a graph. */
export function pureStep(learner: Learner, before: TrainState, inputs: tf.Tensor[], numbers: StepScalars): StepResult {
  const { accumulate = 1, optimiser, decay, rates, prepare, after } = learner;
  return tf.tidy(() => {
    const beside: Beside = { carried: before.carried, scalars: numbers.scalars };
    const batch = prepare ? prepare(inputs) : inputs;
    const { loss, grad, aux } = lossAndGradient((flat) => learner.loss(flat, batch, beside), before.flat);
    const mean: tf.Tensor1D = accumulate > 1 ? tf.add(before.pending[0], tf.div(grad, accumulate)) : grad;
    const { learningRate } = numbers;
    const { flat, slots } = optimiser.update({ flat: before.flat, slots: before.slots, grad: mean, learningRate, decay, rates });
    const moved = after ? after({ ...beside, flat, aux }) : { flat, carried: before.carried };
    const state = { ...moved, slots, pending: accumulate > 1 ? [tf.zerosLike(mean)] : [] };
    const next = accumulate > 1 ? either(numbers.completes, state, { ...before, pending: [mean] }) : state;
    return { loss, gradientNorm: gradientNorm(mean), aux, state: next };
  });
}

/** `yes` where `condition` is 1, `no` where it is 0: both are computed, for a graph has no branches. */
function either(condition: tf.Scalar, yes: TrainState, no: TrainState): TrainState {
  const others = tensorsOf(no);
  const wanted = tf.cast(condition, "bool");
  return stateOf(
    yes,
    tensorsOf(yes).map((tensor, i) => tf.where(wanted, tensor, others[i])),
  );
}

/** `tf.valueAndGrad` for a loss with by-products, as JAX's `has_aux`; what it returns belongs to the caller's tidy. */
function lossAndGradient(compute: (flat: tf.Tensor1D) => LossOutput, flat: tf.Tensor1D) {
  let kept: NamedTensors = {};
  const { value, grad } = tf.valueAndGrad((x) => {
    const { loss, aux = {} } = compute(x as tf.Tensor1D);
    kept = mapped(aux, (tensor) => tf.keep(tf.clone(tensor))); // the tape's own tidy would take it
    return loss;
  })(flat);
  const aux = mapped(kept, (tensor) => tf.clone(tensor));
  tf.dispose(kept);
  return { loss: value, grad: grad as tf.Tensor1D, aux };
}

const mapped = (tensors: NamedTensors, change: (tensor: tf.Tensor) => tf.Tensor): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));

/** Calls `body` with the numbers as tensors, which live as long as the call. */
function withScalars<T>({ learningRate, scalars = {}, completes = true }: StepNumbers, body: (scalars: StepScalars) => T): T {
  const made = {
    learningRate: tf.scalar(learningRate),
    scalars: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
    completes: tf.scalar(completes ? 1 : 0),
  };
  try {
    return body(made);
  } finally {
    tf.dispose([made.learningRate, made.completes, ...Object.values(made.scalars)]);
  }
}

/** The step op by op, as a loop wants it: consumes `state`, whose tensors are disposed (unless the step throws). */
export function trainStep(learner: Learner, state: TrainState, inputs: tf.Tensor[], numbers: StepNumbers): StepResult {
  const result = withScalars(numbers, (scalars) => pureStep(learner, state, inputs, scalars));
  const survivors = new Set(tensorsOf(result.state));
  tf.dispose(tensorsOf(state).filter((tensor) => !survivors.has(tensor)));
  return result;
}

/** A training step as one graph, where there can be one. */
export interface CompiledTraining extends Pick<CompiledStep, "mode" | "reason" | "dispose"> {
  /** Like `trainStep`, on tensors of the shapes that it was compiled for; inputs stay the caller's. */
  step(state: TrainState, inputs: tf.Tensor[], numbers: StepNumbers): StepResult;
}

/** Compiles the step on an example, which stays the caller's; a learning rate above 0 lets the check see the update. */
export function compileTraining(
  learner: Learner,
  example: { state: TrainState; inputs: tf.Tensor[]; numbers: StepNumbers },
): CompiledTraining {
  // masks are inputs, since constants would be copied into the graph's file
  const masks = learner.rates ? [learner.decay, learner.rates] : [learner.decay];
  const scalarNames = example.numbers.scalars ?? {};
  const held = tensorsOf(example.state).length;
  let auxNames: NamedTensors = {};
  const inputsOf = (state: TrainState, inputs: tf.Tensor[], { learningRate, completes, scalars }: StepScalars) => [
    learningRate,
    completes,
    ...masks,
    ...Object.keys(scalarNames).map((name) => scalars[name]),
    ...tensorsOf(state),
    ...inputs,
  ];
  const step = (...all: tf.Tensor[]): tf.Tensor[] => {
    const [learningRate, completes, ...rest] = all;
    const [decay, rates] = rest.splice(0, masks.length) as tf.Tensor1D[];
    const scalars = named(scalarNames, rest.splice(0, Object.keys(scalarNames).length)) as Beside["scalars"];
    const state = stateOf(example.state, rest.splice(0, held));
    const numbers = { learningRate: learningRate as tf.Scalar, completes: completes as tf.Scalar, scalars };
    const result = pureStep({ ...learner, decay, rates }, state, rest, numbers);
    auxNames = result.aux;
    return [result.loss, result.gradientNorm, ...tensorsOf(result.state), ...Object.values(result.aux)];
  };
  const compiled = withScalars(example.numbers, (scalars) => compile(step, inputsOf(example.state, example.inputs, scalars)));
  return {
    ...compiled,
    step(before, inputs, numbers) {
      const [loss, norm, ...rest] = withScalars(numbers, (scalars) => compiled.run(inputsOf(before, inputs, scalars)));
      disposeState(before);
      const state = stateOf(example.state, rest.splice(0, held));
      return { loss: loss as tf.Scalar, gradientNorm: norm as tf.Scalar, aux: named(auxNames, rest), state };
    },
  };
}
