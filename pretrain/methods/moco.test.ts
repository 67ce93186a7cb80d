import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { mocoSchema } from "../../src/config/pretrain.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { mlp } from "../../src/models/mlp.ts";
import { initialise, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import type { NamedTensors } from "../../src/optim/learner.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { rngOf } from "../../src/util/rng.ts";
import { embed } from "../embed.ts";
import { moco } from "./moco.ts";

await startEngine({ threads: 1 });
const BATCH = 4;
const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));
const build = (over: object = {}, images = 20) =>
  moco(mocoSchema.parse({ name: "moco", projectionHidden: 8, projectionSize: 3, ...over }), encoder, {
    images,
    batchSize: BATCH,
    updatesPerEpoch: Math.floor(images / BATCH),
  });
const start = (over: object = {}, images?: number) => {
  const method = build(over, images);
  const initial = initialise(method.specs, (name) => rngOf(1, name));
  return { method, initial, carried: method.carried!(initial, (name) => rngOf(1, name)) };
};
const views = () => {
  const draw = rngOf(2, "views");
  return [
    tf.tensor4d(
      Float32Array.from({ length: 2 * BATCH * 16 * 16 }, () => draw.next()),
      [2 * BATCH, 16, 16, 1],
    ),
  ];
};
const groupsOf = (values: number[]) => tf.tensor1d(values, "int32");

describe("moco", (test) => {
  test("starts with a queue of random keys of length 1 that are nobody's, and a key encoder that is the encoder", () =>
    tf.tidy(() => {
      const { initial, carried } = start({ queue: 6 });
      assertClose(carried.target.dataSync(), initial, {});
      assert.equal(carried.keys.shape, [6, 3]);
      assertClose(tf.norm(carried.keys, 2, 1).dataSync(), new Float32Array(6).fill(1), { atol: 1e-6 });
      assertClose(carried.keyGroups.dataSync(), new Int32Array(6).fill(-1), {});
    }));
  test("takes in the keys of second views, newest first, and lets the oldest out", () =>
    tf.tidy(() => {
      const { method, initial, carried } = start({ queue: 6, tau: 0.75 });
      const other = Float32Array.from(initial, (value, i) => value + 0.1 * Math.sin(i)); // what the encoder has become
      const params = unflatten(tf.tensor1d(other), method.specs);
      const [batch] = views();
      const { aux, embeddings } = method.loss({ params, views: [batch], groups: groupsOf([5, 6, 7, 8]), carried, scalars: {} });
      const flat = tf.add<tf.Tensor1D>(tf.tensor1d(initial), 1);
      const moved = method.after!({ flat, carried, aux: aux!, scalars: {} }).carried;
      assertClose(moved.keyGroups.dataSync(), [5, 6, 7, 8, -1, -1], {});
      const head = mlp({ from: encoder.featureSize, hidden: 8, to: 3, norm: false, bias: true, name: "projector" });
      const [first, second] = tf.split(batch, 2) as tf.Tensor4D[];
      const z = embed(encoder, head, unflatten(tf.tensor1d(initial), method.specs), second);
      const keys = tf.div(z, tf.norm(z, 2, 1, true)).dataSync();
      assertClose(tf.slice(moved.keys, 0, BATCH).dataSync(), keys, { atol: 1e-6 });
      assertClose(embeddings.dataSync(), [...embed(encoder, head, params, first).dataSync(), ...keys], { atol: 1e-6 });
      assertClose(tf.slice(moved.keys, BATCH).dataSync(), tf.slice(carried.keys, 0, 2).dataSync(), {});
      assertClose(
        moved.target.dataSync(),
        initial.map((value) => value + 0.25),
        { atol: 1e-6 },
      );
    }));
  test("does not push images from queued keys of their own group, unless it is told to", () =>
    tf.tidy(() => {
      const lossOf = (maskGroups: boolean, queued: number) => {
        const { method, initial, carried } = start({ queue: 6, maskGroups });
        const of: NamedTensors = { ...carried, keyGroups: groupsOf(new Array<number>(6).fill(queued)) };
        const params = unflatten(tf.tensor1d(initial), method.specs);
        return method.loss({ params, views: views(), groups: groupsOf([3, 3, 3, 3]), carried: of, scalars: {} }).loss.dataSync()[0];
      };
      assertClose(lossOf(true, 3), [0], { atol: 1e-6 }, "no negative is left");
      assert.ok(lossOf(true, 4) > 0.1);
      assertClose(lossOf(false, 3), [lossOf(true, 4)], { rtol: 1e-6 });
    }));
  test("sizes its queue so that it holds whole batches, and no image's key of the epoch before", () =>
    tf.tidy(() => {
      const lengths = [4, 7, 8, 20, 23, 9000].map((images) => start({}, images).carried.keys.shape[0]);
      assert.equal(lengths, [4, 4, 4, 16, 16, 4096]);
    }));
  test("refuses a queue that cannot take in a batch", () =>
    assertUserError(() => build({ queue: 3 }), /^pretrain\.method\.queue is 3, and a batch has 4 images: set it to 4 or more, or to 0$/));
});
