/** @file A small training step with every kind of op that training has, for tests of compiled steps. */
import { createHash } from "node:crypto";
import { batchNorm } from "../engine/batch-norm.ts";
import type { compile } from "../engine/graph/compile.ts";
import { matMul } from "../engine/mat-mul.ts";
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";

/** Sizes of the parameters: kernel [3, 3, 1, 4], scale [4], offset [4], head [4, 3]. */
const SIZES = [36, 4, 4, 12];
const PARAMETERS = 56;

/** (parameters [56], momentum [56], learning rate, images [8, 16, 16, 1], labels [8] int32) → loss, parameters, momentum. */
export function convolutionStep(...inputs: tf.Tensor[]): tf.Tensor[] {
  const [flat, momentum, rate, images, labels] = inputs;
  const { value, grad } = tf.valueAndGrad((x) => {
    const [kernel, scale, offset, head] = tf.split(x, SIZES);
    const y = tf.conv2d(images as tf.Tensor4D, tf.reshape<tf.Rank.R4>(kernel, [3, 3, 1, 4]), 2, "same");
    const features: tf.Tensor2D = tf.mean(relu(batchNorm(y, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-3)), [1, 2]);
    const logits = matMul(features, tf.reshape<tf.Rank.R2>(head, [4, 3]));
    const right = tf.sum(tf.mul(logits, tf.oneHot(labels as tf.Tensor1D, 3)), 1);
    return tf.mean<tf.Scalar>(tf.sub(tf.logSumExp(logits, 1), right));
  })(flat);
  const next = tf.add(tf.mul(momentum, 0.9), grad);
  return [value, tf.sub(flat, tf.mul(next, rate)), next];
}

/** The same numbers in every process. */
export const convolutionStepInputs = (seed: number): tf.Tensor[] => [
  tf.add(tf.randomNormal([PARAMETERS], 0, 0.5, "float32", seed), 0.5),
  tf.zeros([PARAMETERS]),
  tf.scalar(0.1),
  tf.randomNormal([8, 16, 16, 1], 0, 1, "float32", seed + 1),
  tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], "int32"),
];

/** SHA-256 of the parameters after twenty compiled steps. */
export function repeatedConvolutionStep(compiler: typeof compile): string {
  const [flat, momentum, ...fixed] = convolutionStepInputs(1);
  const compiled = compiler(convolutionStep, [flat, momentum, ...fixed]);
  if (compiled.mode !== "graph") throw new Error(`no graph: ${compiled.reason}`);
  let state = [flat, momentum];
  for (let i = 0; i < 20; i++) state = compiled.run([...state, ...fixed]).slice(1);
  return createHash("sha256").update(new Uint8Array(state[0].dataSync().buffer)).digest("hex");
}
