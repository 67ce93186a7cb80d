/** @file What every method must do, with its defaults: a new one is tested by being in the schema. */
import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { methodSchema, pretrainSchema, type PretrainConfig } from "../../src/config/pretrain.ts";
import { makeAugmenter } from "../../src/augment/augmenter.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { mean } from "../../src/metrics/moments.ts";
import { initialise, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import type { FitOptions } from "../../src/optim/fit.ts";
import type { NamedTensors } from "../../src/optim/learner.ts";
import { describe } from "../../src/testing/describe.ts";
import { expectNoLeak } from "../../src/testing/expect-no-leak.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { methodOf } from "../registry.ts";
import { trainMethod } from "../train-method.ts";

await startEngine({ threads: 1 });
const SIZE = 32;
const IMAGES = 32;
const BATCH = 16;
const setting = { images: IMAGES, batchSize: BATCH, updatesPerEpoch: IMAGES / BATCH };

/** Frames that differ in the direction and width of their stripes. */
const pixels = Uint8Array.from({ length: IMAGES * SIZE * SIZE }, (_, at) => {
  const image = Math.floor(at / SIZE ** 2);
  const [y, x] = [Math.floor(at / SIZE) % SIZE, at % SIZE];
  return 128 + 100 * Math.sin(((image % 2 ? x : y) * (1 + (image >> 1))) / 4);
});
const frames = { pixels, size: SIZE };
const encoder = encoderOf(encoderSchema.parse({ width: 4 }));
const noReport: FitOptions["report"] = { metric: () => {}, progress: async () => {} };

/** Every method with its defaults, and where it takes local views also with them. */
const cases = methodSchema.options.flatMap(({ shape }) => {
  const name = shape.name.value;
  const method = methodOf(methodSchema.parse({ name }), encoder, setting);
  return [{ name, method, local: 0 }, ...(method.localViews ? [{ name, method, local: 2 }] : [])];
});

for (const { name, method, local } of cases) {
  const configOf = (over: object = {}): PretrainConfig =>
    pretrainSchema.parse({ method: { name }, epochs: 30, batchSize: BATCH, augment: { local: { count: local } }, ...over });
  const train = (config: PretrainConfig, over: Partial<FitOptions> = {}) =>
    trainMethod(config, encoder, {
      task: name,
      seed: 1,
      random: (...names) => rngOf(1, ...names),
      images: range(IMAGES),
      frames,
      groups: Int32Array.from(range(IMAGES)),
      report: noReport,
      ...over,
    });
  /** The losses of a short training. */
  async function losses(config: PretrainConfig): Promise<number[]> {
    const found: number[] = [];
    await train(config, { report: { ...noReport, metric: (key, value) => void (key === "train/loss" && found.push(value)) } });
    return found;
  }
  /** The largest slope in each parameter on one batch; parameters and what is carried are made of `values` [p]. */
  function slopes(values: Float32Array): Map<string, number> {
    const augmenter = makeAugmenter(configOf().augment, frames, { seed: 1, stream: "test", views: method.viewsPerImage });
    const largest = new Map<string, number>();
    tf.tidy(() => {
      const views = augmenter.viewsBySize(range(BATCH), 0);
      const groups = tf.tensor1d(range(BATCH), "int32");
      const carried: NamedTensors = method.carried?.(values, (part) => rngOf(1, part)) ?? {};
      // of the last update: prototypes stand still in the first ones
      const scalars = Object.fromEntries(Object.entries(method.scalars?.(9, 10) ?? {}).map(([key, value]) => [key, tf.scalar(value)]));
      const loss = (flat: tf.Tensor) =>
        method.loss({ params: unflatten(flat as tf.Tensor1D, method.specs), views, groups, carried, scalars }).loss;
      const grad = tf.grad(loss)(tf.tensor1d(values)) as tf.Tensor1D;
      for (const [parameter, part] of unflatten(grad, method.specs)) largest.set(parameter, tf.max(tf.abs(part)).dataSync()[0]);
    });
    augmenter.dispose();
    return largest;
  }
  const initial = initialise(method.specs, (parameter) => rngOf(1, parameter));

  describe(`method ${name}${local > 0 ? " with local views" : ""}`, (test) => {
    test("has the encoder's parameters first, each name once", () => {
      assert.equal(
        method.specs.slice(0, encoder.specs.length).map((spec) => spec.name),
        encoder.specs.map((spec) => spec.name),
      );
      assert.is(new Set(method.specs.map((spec) => spec.name)).size, method.specs.length);
    });
    test("has a loss that is finite and falls over 60 steps", async () => {
      const found = await losses(configOf());
      assert.is(found.length, 60);
      assert.ok(found.every(Number.isFinite), found.join());
      // without the first epoch, in which a queue still holds random keys, which are told apart easily
      const [start, end] = [mean(found.slice(2, 12)), mean(found.slice(-10))];
      assert.ok(start - end > 0.05 * Math.max(1, Math.abs(start)), `from ${start} to ${end}`);
    });
    test("gives the same losses again", async () =>
      assert.equal(await losses(configOf({ epochs: 3 })), await losses(configOf({ epochs: 3 }))));
    test("reaches every parameter with its gradient", () => {
      // scales of 1 instead of 0 at the end of residual blocks, behind which nothing is reached at first
      for (const [parameter, slope] of slopes(initial.map((value) => value || 0.1))) assert.ok(slope > 0, `${parameter} has no gradient`);
    });
    test("becomes one graph, whose embeddings are those of both views", async () => {
      let shape: number[] = [];
      let compiled: number | undefined;
      await train(configOf({ epochs: 1 }), {
        observe: ({ embeddings }) => void (shape = embeddings.shape),
        report: { ...noReport, metric: (key, value) => void (key === "train/compiled" && (compiled = value)) },
      });
      assert.is(compiled, 1);
      assert.is(shape[0], 2 * BATCH);
    });
    test("goes on from any checkpoint to the same bits, gradients accumulated", async () => {
      const config = configOf({ epochs: 4, batchSize: 8, accumulate: 2 });
      const checkpoints: Uint8Array[] = [];
      const whole = await train(config, { report: { ...noReport, progress: async (_d, _t, _n, save) => void checkpoints.push(save!()) } });
      const bytes = checkpoints[Math.floor(checkpoints.length / 2)];
      assert.equal(await train(config, { resume: { bytes, source: "test" } }), whole);
    });
    test("keeps no tensor", () => expectNoLeak(() => train(configOf({ epochs: 1 }))));
  });
}
