/**
 * @file Everything that a training run needs to go on, as one safetensors file: parameters, the optimiser's state, what is carried beside
 * them, and how far it came. There is no random state: every draw is keyed by epoch and image, so the step says it all.
 */
import { tf } from "../engine/tf.ts";
import { decodeSafetensors, encodeSafetensors, type PlainTensor } from "../util/safetensors.ts";
import { UserError } from "../util/user-error.ts";
import type { TrainState } from "./learner.ts";
import { stateOf, tensorsOf } from "./train-step.ts";

/** How far a run came. */
export interface Position {
  /** Updates that are done. */
  step: number;
  /** Sum of the losses of this epoch's updates so far. */
  lossSum: number;
}

/** A checkpoint's bytes, and what they are called in messages. */
export interface StoredCheckpoint {
  bytes: Uint8Array;
  source: string;
}

/** A name for each tensor, in the order of `tensorsOf`. */
const namesOf = ({ slots, pending, carried }: TrainState): string[] => [
  "parameters",
  ...slots.map((_, i) => `optimiser.${i}`),
  ...pending.map(() => "pending"),
  ...Object.keys(carried).map((name) => `carried.${name}`),
];

/** @throws UserError where a value is not finite: that would be no state to go on from */
export function encodeTraining(state: TrainState, { step, lossSum }: Position): Uint8Array {
  const tensors = tensorsOf(state);
  const plain = namesOf(state).map((name, i): [string, PlainTensor] => {
    const data = tensors[i].dataSync<"float32" | "int32">();
    if (!data.every(Number.isFinite))
      throw new UserError(
        `values of "${name}" are not finite after ${step} updates: lower the learning rate, or clip the gradient; no checkpoint is written`,
      );
    return [name, { shape: tensors[i].shape, data }];
  });
  return encodeSafetensors({ tensors: new Map(plain), metadata: { step: String(step), loss_sum: String(lossSum) } });
}

/**
 * @param like a state of the form that the run has; stays the caller's
 * @returns a state of new tensors, which the caller disposes
 * @throws UserError where the file is damaged or of another run
 */
export function decodeTraining({ bytes, source }: StoredCheckpoint, like: TrainState): { state: TrainState; position: Position } {
  const { tensors, metadata } = decodeSafetensors(bytes, source);
  const [step, lossSum] = [Number(metadata.step), Number(metadata.loss_sum)];
  const wanted = tensorsOf(like);
  const found = namesOf(like).map((name, i) => {
    const { shape, data } = tensors.get(name) ?? { shape: undefined, data: undefined };
    if (!data || shape?.join() !== wanted[i].shape.join())
      throw new UserError(
        `${source}: ${name} should be [${wanted[i].shape}] and is ${shape ? `[${shape}]` : "missing"}: the checkpoint is of another architecture or optimiser; remove it to start anew`,
      );
    return { data, dtype: wanted[i].dtype, shape: wanted[i].shape };
  });
  if (tensors.size !== wanted.length || !Number.isSafeInteger(step) || !Number.isFinite(lossSum))
    throw new UserError(`${source} is no checkpoint of this training (step ${metadata.step}): remove it to start anew`);
  return {
    state: stateOf(
      like,
      found.map(({ data, shape, dtype }) => tf.tensor(data, shape, dtype)),
    ),
    position: { step, lossSum },
  };
}
