import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { swavSchema } from "../../src/config/pretrain.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { l2Normalise } from "../../src/losses/l2-normalise.ts";
import { swav as swavLoss } from "../../src/losses/swav.ts";
import { initialise, param, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { swav } from "./swav.ts";

await startEngine({ threads: 1 });
const [IMAGES, BATCH, SIDE, D] = [64, 8, 16, 4];
const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));
const setting = { images: IMAGES, batchSize: BATCH, updatesPerEpoch: IMAGES / BATCH };
const methodOf = (over: object = {}) =>
  swav(swavSchema.parse({ name: "swav", projectionHidden: 8, projectionSize: D, ...over }), encoder, setting);
const random = (name: string) => rngOf(1, name);

/** Random views, images × side × side. */
function viewsOf(images: number, side: number): tf.Tensor4D {
  const rng = rngOf(2, "views", side);
  return tf.tensor4d(
    range(images * side * side).map(() => rng.next()),
    [images, side, side, 1],
  );
}
const groups = () => tf.tensor1d(range(BATCH), "int32");
const asScalars = (numbers: Record<string, number>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]));

describe("swav", (test) => {
  test("starts at ln k, k prototypes being one for ten images or no fewer than eight", () => {
    tf.tidy(() => {
      const method = methodOf({ temperature: 1 });
      const initial = initialise(method.specs, random);
      const carried = method.carried!(initial, random);
      const params = unflatten(tf.tensor1d(initial), method.specs);
      const views = [viewsOf(2 * BATCH, SIDE)];
      const { loss } = method.loss({ params, views, groups: groups(), carried, scalars: asScalars(method.scalars!(0, 100)) });
      assert.equal(param(params, "prototypes.weight").shape, [D, 8]);
      // cosines over a temperature of 1 differ by less than 2: near the loss of no knowledge
      assertClose(loss.dataSync(), [Math.log(8)], { rtol: 0.1 });
    });
  });

  test("has the loss that large and small views have one by one, as by hand", () => {
    tf.tidy(() => {
      const method = methodOf();
      const initial = initialise(method.specs, random);
      const params = unflatten(tf.tensor1d(initial), method.specs);
      const [large, small] = [viewsOf(2 * BATCH, SIDE), viewsOf(3 * BATCH, SIDE / 2)];
      const scalars = asScalars({ live: 1, queued: 0 });
      const both = method.loss({ params, views: [large, small], groups: groups(), carried: {}, scalars });
      const weight = param<tf.Tensor2D>(params, "prototypes.weight");
      // what the method itself makes of small views, were they the large ones
      const lowEmbeddings = method.loss({
        params,
        views: [tf.concat([small, small])],
        groups: groups(),
        carried: {},
        scalars,
      }).embeddings;
      const low = tf.split(tf.matMul(l2Normalise(tf.slice(lowEmbeddings, 0, 3 * BATCH)), weight), 3) as tf.Tensor2D[];
      const high = tf.split(tf.matMul(both.embeddings, weight), 2) as tf.Tensor2D[];
      const expected = swavLoss({ high, low }, { temperature: 0.1, epsilon: 0.03, iterations: 3 });
      assertClose(both.loss.dataSync(), expected.dataSync(), { rtol: 1e-4 }); // batches of twice the size: norms differ in last bits
    });
  });

  test("leaves prototypes bit for bit as they are in the first epochs, and of length 1 after", () => {
    tf.tidy(() => {
      const method = methodOf({ freezeEpochs: 2 });
      const initial = initialise(method.specs, random);
      const carried = method.carried!(initial, random);
      const weightOf = (flat: tf.Tensor1D) => param<tf.Tensor2D>(unflatten(flat, method.specs), "prototypes.weight");
      const moved = tf.mul<tf.Tensor1D>(tf.tensor1d(initial), 1.5); // what decay and momentum may do
      const after = (step: number) => method.after!({ flat: moved, carried, aux: {}, scalars: asScalars(method.scalars!(step, 100)) }).flat;
      assert.equal(weightOf(after(15)).dataSync(), weightOf(tf.tensor1d(initial)).dataSync()); // 8 updates an epoch
      const free = tf.mul(weightOf(moved), 1.1);
      assertClose(weightOf(after(16)).dataSync(), tf.div(free, tf.norm(free, 2, 0, true)).dataSync(), { rtol: 1e-5 });
    });
  });

  test("uses its queue from the epoch on that it is told, but not before it is full, newest embeddings first", () => {
    tf.tidy(() => {
      const queuedFrom = (over: object) => range(100).findIndex((step) => methodOf(over).scalars!(step, 100).queued === 1);
      assert.is(queuedFrom({ queue: 16, queueFromEpoch: 3 }), 24);
      assert.is(queuedFrom({ queue: 32, queueFromEpoch: 0 }), 4);
      assert.is(queuedFrom({ queue: 0, queueFromEpoch: 0 }), -1);

      const method = methodOf({ queue: 16 });
      const initial = initialise(method.specs, random);
      let carried = method.carried!(initial, random);
      const params = unflatten(tf.tensor1d(initial), method.specs);
      const lossWith = (queued: number) =>
        method.loss({ params, views: [viewsOf(2 * BATCH, SIDE)], groups: groups(), carried, scalars: asScalars({ live: 1, queued }) });
      const alone = lossWith(0);
      carried = method.after!({ flat: tf.tensor1d(initial), carried, aux: alone.aux!, scalars: asScalars({ live: 1, queued: 0 }) }).carried;
      const newest = tf.slice(carried.queue, 0, BATCH); // [n, 2, d]
      assert.equal(tf.transpose(newest, [1, 0, 2]).dataSync(), alone.embeddings.dataSync());
      assert.is(lossWith(0).loss.dataSync()[0], alone.loss.dataSync()[0]);
      assert.not.equal(lossWith(1).loss.dataSync()[0], alone.loss.dataSync()[0]);
    });
  });

  test("refuses more prototypes than images can carry, or than a batch can use, and a queue shorter than a batch", async () => {
    await assertUserError(
      () => methodOf({ prototypes: 64 }),
      /^pretrain\.method\.prototypes is 64, and prototypes must be far fewer than images \(64\): set it to 8 or less, or to 0 for a number that fits$/,
    );
    await assertUserError(
      () => methodOf({ prototypes: 12 }),
      /12, and the 8 images of a batch and the queue cannot use so many: set it to 8 or less/,
    );
    await assertUserError(() => methodOf({ queue: 3 }), /^pretrain\.method\.queue is 3, and a batch has 8 images/);
    methodOf({ prototypes: 12, queue: 8 });
  });
});
