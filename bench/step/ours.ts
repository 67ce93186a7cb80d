/** @file One SimCLR step as sonomark does it: fused native ops, strided stem, one flat parameter vector. */
import { tf } from "../../src/engine/tf.ts";
import { ntXent } from "../../src/losses/nt-xent.ts";
import { pooled } from "../../src/models/encoder.ts";
import { decayMask, initialise, unflatten } from "../../src/models/network.ts";
import { projector } from "../../src/models/projector.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { startState, trainStep } from "../../src/optim/train-step.ts";
import { rngOf } from "../../src/util/rng.ts";
import { EMBEDDING, LEARNING_RATE, MOMENTUM, TEMPERATURE, WIDTH, type Step } from "./setting.ts";

/** @param views [2n, h, w, 1], first views of all images, then second views */
export function ourStep(views: tf.Tensor4D): Step {
  const encoder = encoderOf({ name: "resnet10", width: WIDTH, outputStride: 32 });
  const head = projector({ from: encoder.featureSize, hidden: encoder.featureSize, to: EMBEDDING });
  const specs = [...encoder.specs, ...head.specs];
  const optimiser = sgd({ momentum: MOMENTUM, weightDecay: 0 });
  const rule = { optimiser, decay: tf.tensor1d(decayMask(specs)) };
  const n = views.shape[0] / 2;
  const loss = (flat: tf.Tensor1D) => {
    const params = unflatten(flat, specs);
    const z = head.apply(params, pooled(encoder.featureMap(params, views, { kind: "batch" })), { kind: "batch" });
    const [a, b] = tf.split(z, 2) as [tf.Tensor2D, tf.Tensor2D];
    return ntXent(a, b, TEMPERATURE);
  };
  let state = startState(
    optimiser,
    initialise(specs, (name) => rngOf(1, name)),
  );
  return { images: n, parameters: state.flat.size, run };

  function run(): number {
    const result = trainStep(rule, loss, state, LEARNING_RATE);
    state = result.state;
    const value = result.loss.dataSync()[0];
    result.loss.dispose();
    return value;
  }
}
