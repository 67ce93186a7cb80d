import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { simsiamSchema } from "../../src/config/pretrain.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { initialise, unflatten, type Params } from "../../src/models/network.ts";
import { mlp } from "../../src/models/mlp.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { rngOf } from "../../src/util/rng.ts";
import { simsiam } from "./simsiam.ts";

await startEngine({ threads: 1 });
const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));
const config = simsiamSchema.parse({ name: "simsiam", projectionSize: 6, predictionHidden: 5 });
const method = simsiam(config, encoder, { images: 8, batchSize: 4, updatesPerEpoch: 2 });
const initial = initialise(method.specs, (name) => rngOf(1, name));
const draw = rngOf(2, "views");
const values = Float32Array.from({ length: 8 * 16 * 16 }, () => draw.next());

describe("simsiam", (test) => {
  test("has the gradient of predictions alone: what they are compared with stands still", () =>
    tf.tidy(() => {
      const views = [tf.tensor4d(values, [8, 16, 16, 1])];
      const groups = tf.tensor1d([0, 1, 2, 3], "int32");
      const outcome = (params: Params) => method.loss({ params, views, groups, carried: {}, scalars: {} });
      const paramsOf = (flat: tf.Tensor) => unflatten(flat as tf.Tensor1D, method.specs);
      const flat = tf.tensor1d(initial);
      const fixed = tf.tensor2d(outcome(paramsOf(flat)).embeddings.dataSync(), [8, 6]); // read back: a constant
      const predictor = mlp({ from: 6, hidden: 5, to: 6, bias: true, name: "predictor" });
      const byHand = (x: tf.Tensor) => {
        const { embeddings } = outcome(paramsOf(x));
        const unit = (rows: tf.Tensor) => tf.div(rows, tf.norm(rows, 2, 1, true));
        const [p, z] = [unit(predictor.apply(paramsOf(x), embeddings, { kind: "batch" })), unit(fixed)];
        const other = tf.concat([tf.slice(z, 4), tf.slice(z, 0, 4)]); // of each row, the image's other view
        return tf.neg<tf.Scalar>(tf.mean(tf.sum(tf.mul(p, other), 1)));
      };
      const [ours, expected] = [(x: tf.Tensor) => outcome(paramsOf(x)).loss, byHand].map((f) => tf.valueAndGrad(f)(flat));
      assertClose(ours.value.dataSync(), expected.value.dataSync(), { rtol: 1e-5, atol: 1e-6 });
      assertClose(ours.grad.dataSync(), expected.grad.dataSync(), { rtol: 1e-3, atol: 1e-5 });
      assert.ok(tf.max(tf.abs(expected.grad)).dataSync()[0] > 1e-3);
    }));
});
