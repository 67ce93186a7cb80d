/** @file One SimCLR step as sonomark does it: fused native ops, strided stem, one flat parameter vector; as a graph, or op by op. */
import { tf } from "../../src/engine/tf.ts";
import { ntXent } from "../../src/losses/nt-xent.ts";
import { pooled } from "../../src/models/encoder.ts";
import { decayMask, initialise, unflatten } from "../../src/models/network.ts";
import { projector } from "../../src/models/projector.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { sgd } from "../../src/optim/sgd.ts";
import type { Learner } from "../../src/optim/learner.ts";
import { compileTraining, startState, trainStep } from "../../src/optim/train-step.ts";
import { rngOf } from "../../src/util/rng.ts";
import { EMBEDDING, LEARNING_RATE, MOMENTUM, TEMPERATURE, type Point, type Step } from "./setting.ts";

/** The step, also on other views of the same shape. */
export interface OurStep extends Step {
  run(batch?: tf.Tensor[]): number;
}

/** @param views [2n, h, w, 1], first views of all images, then second views */
export function ourStep(views: tf.Tensor4D, { name, width }: Point, mode: "graph" | "eager"): OurStep {
  const encoder = encoderOf({ name, width, outputStride: 32 });
  const head = projector({ from: encoder.featureSize, hidden: encoder.featureSize, to: EMBEDDING });
  const specs = [...encoder.specs, ...head.specs];
  const optimiser = sgd({ momentum: MOMENTUM, weightDecay: 0 });
  const learner: Learner = {
    optimiser,
    decay: tf.tensor1d(decayMask(specs)),
    loss(flat, [x]) {
      const params = unflatten(flat, specs);
      const z = head.apply(params, pooled(encoder.featureMap(params, x as tf.Tensor4D, { kind: "batch" })), { kind: "batch" });
      const [a, b] = tf.split(z, 2) as [tf.Tensor2D, tf.Tensor2D];
      return { loss: ntXent(a, b, TEMPERATURE) };
    },
  };
  const numbers = { learningRate: LEARNING_RATE };
  const first = [views];
  let state = startState(
    learner,
    initialise(specs, (parameter) => rngOf(1, parameter)),
  );
  const compiled = mode === "graph" ? compileTraining(learner, { state, inputs: first, numbers }) : undefined;
  if (compiled && compiled.mode !== "graph") throw new Error(`the step has no graph: ${compiled.reason}`);
  return { parameters: state.flat.size, run };

  function run(batch: tf.Tensor[] = first): number {
    const result = compiled ? compiled.step(state, batch, numbers) : trainStep(learner, state, batch, numbers);
    state = result.state;
    const value = result.loss.dataSync()[0];
    tf.dispose([result.loss, result.gradientNorm]);
    return value;
  }
}
