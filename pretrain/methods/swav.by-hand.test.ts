/** @file SwAV composed anew from encoder, head, Sinkhorn and cross-entropy: losses and gradients must agree, and frozen prototypes must stand still in training. */
import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { pretrainSchema, swavSchema } from "../../src/config/pretrain.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { sinkhorn } from "../../src/losses/sinkhorn.ts";
import { pooled } from "../../src/models/encoder.ts";
import { mlp } from "../../src/models/mlp.ts";
import { initialise, param, unflatten, type Params } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import type { NamedTensors } from "../../src/optim/learner.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { trainMethod } from "../train-method.ts";
import { swav } from "./swav.ts";

await startEngine({ threads: 1 });
const [N, SIZE, D, K, IMAGES] = [6, 16, 5, 4, 24];
const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));
const settings = { name: "swav", prototypes: K, projectionHidden: 8, projectionSize: D };
const random = (name: string) => rngOf(1, "initial", name);

/** A method on its first parameters, with two large and three small views of noise. */
function build(over: object = {}) {
  const config = swavSchema.parse({ ...settings, ...over });
  const method = swav(config, encoder, { images: IMAGES, batchSize: N, updatesPerEpoch: IMAGES / N });
  const initial = initialise(method.specs, random);
  const draw = rngOf(2, "views");
  const noise = (n: number, side: number) =>
    tf.tensor4d(
      Float32Array.from({ length: n * side ** 2 }, () => draw.next()),
      [n, side, side, 1],
    );
  const views = [noise(2 * N, SIZE), noise(3 * N, SIZE / 2)];
  const carried = method.carried!(initial, random);
  const paramsOf = (flat: tf.Tensor) => unflatten(flat as tf.Tensor1D, method.specs);
  const lossOf = (flat: tf.Tensor, { live = 1, queued = 0, kept = carried } = {}) =>
    method.loss({
      ...{ params: paramsOf(flat), views, groups: tf.tensor1d(range(N), "int32"), carried: kept },
      scalars: { live: tf.scalar(live), queued: tf.scalar(queued) },
    }).loss;
  return { config, initial, flat: tf.tensor1d(initial), views, carried, paramsOf, lossOf };
}

const weightOf = (params: Params) => param<tf.Tensor2D>(params, "prototypes.weight");

/** Cosines of views with prototypes, [views of an image][n, k]. */
function cosines(params: Params, x: tf.Tensor4D): tf.Tensor2D[] {
  const head = mlp({ from: encoder.featureSize, hidden: 8, to: D, bias: true, name: "projector" });
  const z = head.apply(params, pooled(encoder.featureMap(params, x, { kind: "batch" })), { kind: "batch" });
  return tf.split(tf.matMul<tf.Tensor2D>(tf.div(z, tf.norm(z, 2, 1, true)), weightOf(params)), x.shape[0] / N);
}

/** Mean over all pairs of a large view and another view; codes [n, k] are of large views, which come first. */
function swapped(codes: tf.Tensor2D[], crops: tf.Tensor2D[], temperature: number): tf.Scalar {
  const losses = codes.flatMap((code, h) =>
    crops.filter((_, v) => v !== h).map((scores): tf.Scalar => tf.losses.softmaxCrossEntropy(code, tf.div(scores, temperature))),
  );
  return tf.div<tf.Scalar>(tf.addN(losses), losses.length);
}

describe("swav by hand", (test) => {
  test("has the loss of all pairs, large with large and large with small, and gives codes no gradient", () =>
    tf.tidy(() => {
      const { config, flat, views, paramsOf, lossOf } = build();
      const codes = cosines(paramsOf(flat), views[0]).map((scores) => tf.tensor2d(sinkhorn(scores, config).dataSync(), [N, K])); // read back: constants
      const byHand = (x: tf.Tensor) =>
        swapped(
          codes,
          views.flatMap((view) => cosines(paramsOf(x), view)),
          config.temperature,
        );
      const [ours, expected] = [(x: tf.Tensor) => lossOf(x), byHand].map((f) => tf.valueAndGrad(f)(flat));
      assertClose(ours.value.dataSync(), expected.value.dataSync(), { rtol: 1e-5 });
      assertClose(ours.grad.dataSync(), expected.grad.dataSync(), { rtol: 1e-3, atol: 1e-4 });
    }));
  test("assigns together with what is queued of the same large view, where the queue is used", () =>
    tf.tidy(() => {
      const { config, flat, views, carried, paramsOf, lossOf } = build({ queue: 2 * N });
      const draw = rngOf(3, "queue");
      const rows = tf.tensor3d(
        Float32Array.from({ length: 4 * N * D }, () => draw.normal()),
        [2 * N, 2, D],
      );
      const kept: NamedTensors = { ...carried, queue: tf.div(rows, tf.norm(rows, 2, 2, true)) };
      const older = tf.unstack(kept.queue, 1) as tf.Tensor2D[];
      const params = paramsOf(flat);
      const codes = cosines(params, views[0]).map((scores, h) =>
        tf.slice(sinkhorn(tf.concat([scores, tf.matMul<tf.Tensor2D>(older[h], weightOf(params))]), config), [0, 0], [N, K]),
      );
      const expected = swapped(
        codes,
        views.flatMap((view) => cosines(params, view)),
        config.temperature,
      );
      assertClose(lossOf(flat, { queued: 1, kept }).dataSync(), expected.dataSync(), { rtol: 1e-5 });
      assertClose(lossOf(flat, { kept }).dataSync(), build().lossOf(flat).dataSync(), { rtol: 1e-6 });
    }));
  test("gives frozen prototypes no gradient, and everything else the same", () =>
    tf.tidy(() => {
      const { flat, lossOf } = build();
      const slopes = (live: number) =>
        tf
          .grad((x) => lossOf(x, { live }))(flat)
          .dataSync();
      const [frozen, moving] = [slopes(0), slopes(1)];
      const at = flat.size - D * K; // prototypes come last
      assertClose(frozen.subarray(at), new Float32Array(D * K), {});
      assert.ok(Math.max(...moving.subarray(at).map(Math.abs)) > 1e-3);
      assertClose(frozen.subarray(0, at), moving.subarray(0, at), { rtol: 1e-4, atol: 1e-6 });
    }));
  for (const name of ["sgd", "adamw"])
    test(`keeps frozen prototypes to the last bit in a training with ${name} and its decay, and moves them once they are live`, async () => {
      const noise = rngOf(4, "frames");
      const frames = { size: SIZE, pixels: Uint8Array.from({ length: IMAGES * SIZE ** 2 }, () => 255 * noise.next()) };
      const train = async (freezeEpochs: number) => {
        const optimiser = { name, weightDecay: 0.1, warmupShare: 0 };
        const config = pretrainSchema.parse({ method: { ...settings, freezeEpochs }, epochs: 2, batchSize: N, optimiser });
        const trained = await trainMethod(config, encoder, {
          ...{ task: "swav", seed: 1, random: (...names) => rngOf(1, ...names), images: range(IMAGES), frames },
          ...{ groups: Int32Array.from(range(IMAGES)), report: { metric: () => {}, progress: async () => {} } },
        });
        return trained.slice(-D * K);
      };
      const first = tf.tidy(() => build().initial).slice(-D * K);
      assert.equal(await train(2), first);
      assert.not.equal(await train(1), first);
    });
});

describe("swav's number of prototypes", (test) => {
  test("is a tenth of the images by itself, within what images, batch and queue can use", () => {
    const countOf = (images: number, queue = 0) => {
      const config = swavSchema.parse({ ...settings, prototypes: 0, queue });
      return swav(config, encoder, { images, batchSize: 32, updatesPerEpoch: 1 }).specs.at(-1)!.shape[1];
    };
    assert.equal(
      [9, 40, 200, 500, 100_000].map((images) => countOf(images)),
      [2, 8, 20, 32, 32],
    );
    assert.is(countOf(500, 64), 50);
    assert.is(countOf(100_000, 3840), 3000);
  });
});
