import * as assert from "uvu/assert";
import { augmentSchema } from "../../src/config/augment.ts";
import { encoderSchema } from "../../src/config/encoder.ts";
import { optimiserSchema } from "../../src/config/optimiser.ts";
import { methodSchema } from "../../src/config/pretrain.ts";
import { makeAugmenter } from "../../src/augment/augmenter.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { decayMask, initialise, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { fit } from "../../src/optim/fit.ts";
import { describe } from "../../src/testing/describe.ts";
import { expectNoLeak } from "../../src/testing/expect-no-leak.ts";
import { mean } from "../../src/metrics/moments.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { methodOf } from "../registry.ts";

await startEngine({ threads: 1 });
const SIZE = 32;
const IMAGES = 16;

/** Frames that differ in the direction and width of their stripes. */
const pixels = Uint8Array.from({ length: IMAGES * SIZE * SIZE }, (_, at) => {
  const image = Math.floor(at / SIZE ** 2);
  const [y, x] = [Math.floor(at / SIZE) % SIZE, at % SIZE];
  return 128 + 100 * Math.sin(((image % 2 ? x : y) * (1 + (image >> 1))) / 4);
});
const encoder = encoderOf(encoderSchema.parse({ width: 4 }));

/** Every method there is, with its defaults: a new one is tested by being in the schema. */
for (const { shape } of methodSchema.options) {
  const name = shape.name.value;
  const method = methodOf(methodSchema.parse({ name }), encoder);
  const augmenter = () =>
    makeAugmenter(augmentSchema.parse({}), { pixels, size: SIZE }, { seed: 1, stream: "test", views: method.viewsPerImage });

  /** The losses of a short training. */
  async function train(epochs: number): Promise<number[]> {
    const losses: number[] = [];
    const views = augmenter();
    await fit({
      task: name,
      settings: "pretrain.optimiser",
      images: range(IMAGES),
      epochs,
      batchSize: IMAGES,
      optimiser: optimiserSchema.parse({}),
      initial: initialise(method.specs, (parameter) => rngOf(1, parameter)),
      decay: decayMask(method.specs),
      order: (epoch) => rngOf(1, "order", epoch),
      inputs: (batch, epoch) => [views.views(batch, epoch), tf.tensor1d(batch, "int32")],
      loss: (flat, [x, groups]) => method.loss(unflatten(flat, method.specs), x as tf.Tensor4D, groups as tf.Tensor1D),
      report: { metric: (key, value) => void (key === "train/loss" && losses.push(value)), progress: async () => {} },
    });
    views.dispose();
    return losses;
  }

  describe(`method ${name}`, (test) => {
    test("has the encoder's parameters first, each name once", () => {
      assert.equal(
        method.specs.slice(0, encoder.specs.length).map((spec) => spec.name),
        encoder.specs.map((spec) => spec.name),
      );
      assert.is(new Set(method.specs.map((spec) => spec.name)).size, method.specs.length);
    });
    test("has a loss that is finite and falls over 30 steps", async () => {
      const losses = await train(30);
      assert.ok(losses.every(Number.isFinite), losses.join());
      assert.ok(mean(losses.slice(-5)) < 0.9 * mean(losses.slice(0, 5)), `from ${losses.slice(0, 5).join()} to ${losses.slice(-5).join()}`);
    });
    test("gives the same losses again", async () => assert.equal(await train(3), await train(3)));
    test("reaches every parameter with its gradient", () => {
      const views = augmenter();
      tf.tidy(() => {
        const x = views.views(range(IMAGES), 0);
        const groups = tf.tensor1d(range(IMAGES), "int32");
        // scales of 1 instead of 0 at the end of residual blocks, behind which nothing is reached at first
        const flat = tf.tensor1d(initialise(method.specs, (parameter) => rngOf(1, parameter)).map((value) => value || 0.1));
        const grad = tf.grad((values) => method.loss(unflatten(values as tf.Tensor1D, method.specs), x, groups))(flat) as tf.Tensor1D;
        for (const [parameter, part] of unflatten(grad, method.specs))
          assert.ok(part.abs().max().dataSync()[0] > 0, `${parameter} has no gradient`);
      });
      views.dispose();
    });
    test("keeps no tensor", () => expectNoLeak(() => train(1)));
  });
}
