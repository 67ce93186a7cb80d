/** @file Every update rule as a recorded graph gives what it gives op by op, when learning rate and share kept change from step to step. */
import * as assert from "uvu/assert";
import { optimiserSchema } from "../config/optimiser.ts";
import { compile } from "../engine/graph/compile.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { ema } from "./ema.ts";
import { factorsPerTensor } from "./per-tensor.ts";
import { optimiserOf } from "./registry.ts";
import { learningRateAt, tauAt } from "./schedule.ts";

await startEngine({ threads: 1 });

const SIZES = [6, 2, 4];
const STEPS = 4;
const draw = (name: string): Float32Array => {
  const rng = rngOf(1, "recorded.test", name);
  return Float32Array.from(range(12), () => rng.normal());
};

describe("update rules as recorded graphs", (test) => {
  for (const over of [{ name: "sgd", nesterov: true }, { name: "adamw" }, { name: "lars", lars: { clip: true } }] as const)
    test(`${over.name}, clipped, with a moving average`, () => {
      const optimiser = optimiserOf(optimiserSchema.parse({ weightDecay: 0.1, clipNorm: 1, ...over }), SIZES);
      const decay = tf.tensor1d(factorsPerTensor([1, 0, 1], SIZES));
      /** learning rate, tau, gradient, target, parameters, slots → target, parameters, slots */
      const step = (...inputs: tf.Tensor[]): tf.Tensor[] => {
        const [learningRate, tau, ...vectors] = inputs;
        const [grad, target, before, ...slots] = vectors as tf.Tensor1D[];
        const { flat, slots: next } = optimiser.update({ flat: before, grad, slots, learningRate: learningRate as tf.Scalar, decay });
        return [ema(target, flat, tau as tf.Scalar), flat, ...next];
      };
      const inputsAt = (at: number): tf.Tensor[] => [
        tf.scalar(learningRateAt({ peak: 0.5, steps: STEPS, warmup: 1 }, at)),
        tf.scalar(tauAt({ base: 0.9, steps: STEPS }, at)),
        tf.tensor1d(draw(`gradient ${at}`)),
      ];
      const start = () => [tf.tensor1d(draw("target")), tf.tensor1d(draw("parameters")), ...optimiser.init(12)];

      tf.tidy(() => {
        const graph = compile(step, [...inputsAt(1), ...start()]);
        assert.is(graph.mode, "graph", graph.reason);
        let [replayed, eager] = [start(), start()];
        for (const at of range(STEPS)) {
          replayed = graph.run([...inputsAt(at), ...replayed]);
          eager = step(...inputsAt(at), ...eager);
          replayed.forEach((tensor, i) => assertClose(tensor.dataSync(), eager[i].dataSync(), { rtol: 1e-5, atol: 1e-6 }, `step ${at}`));
        }
        graph.dispose();
      });
    });
});
