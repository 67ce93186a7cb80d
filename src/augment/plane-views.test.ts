/** @file A mask is seen as its image is: where the mask is the image, their views are the same under geometry alone. */
import * as assert from "uvu/assert";
import { augmentSchema } from "../config/augment.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { range, rngOf } from "../util/rng.ts";
import { stepsOf } from "./apply.ts";
import { makeAugmenter } from "./augmenter.ts";
import { COLUMNS, unchanged } from "./parameters.ts";
import { planeViews } from "./plane-views.ts";

await startEngine({ threads: 1 });
const size = 16;
const rng = rngOf(1, "planes");
const frames = { size, pixels: Uint8Array.from(range(8 * size * size), () => 255 * rng.int(2)) };
const geometry = { cropScale: [0.5, 1], flip: 0.5, jitter: 0, speckle: 0, blur: 0 } as const;

describe("planeViews", (test) => {
  for (const rotation of [0, 20])
    test(`are the image's own views where the mask is the image and rotation is ${rotation}`, () => {
      const augmenter = makeAugmenter(augmentSchema.parse({ ...geometry, rotation }), frames, { seed: 1, stream: "s", views: 1 });
      for (const epoch of range(3))
        tf.tidy(() => {
          const inputs = augmenter.inputs(range(8), epoch);
          const { rotate } = stepsOf(augmenter.groups[0].views);
          const views = planeViews(inputs[0] as tf.Tensor4D, inputs[2] as tf.Tensor2D, { size, rotate });
          assert.equal(tf.clipByValue(views, 0, 1).dataSync(), augmenter.apply(inputs)[0].dataSync());
          assert.not.equal(views.dataSync(), inputs[0].dataSync());
        });
      augmenter.dispose();
    });

  test("do not see light: parameters that only light the image leave the mask as it is", () =>
    tf.tidy(() => {
      const rows = unchanged(2);
      for (const row of [0, 1]) {
        rows[row * COLUMNS.length + COLUMNS.indexOf("gain")] = 0.3;
        rows[row * COLUMNS.length + COLUMNS.indexOf("hazeStrength")] = 1;
      }
      const planes = tf.tensor4d(frames.pixels.slice(0, 2 * size * size), [2, size, size, 1], "float32");
      const views = planeViews(planes, tf.tensor2d(rows, [2, COLUMNS.length]), { size, rotate: false });
      assert.equal(views.dataSync(), planes.dataSync());
    }));

  test("names wrong parameters, and leaves no tensors behind", async () => {
    const [planes, rows] = [tf.zeros<tf.Rank.R4>([2, size, size, 1]), tf.tensor2d(unchanged(3), [3, COLUMNS.length])];
    assert.throws(() => planeViews(planes, rows, { size, rotate: false }), /parameters must be \[a multiple of 2, \d+\], got \[3,/);
    const right = tf.tensor2d(unchanged(4), [4, COLUMNS.length]);
    await expectNoLeak(() => planeViews(planes, right, { size, rotate: true }).dispose());
    tf.dispose([planes, rows, right]);
  });
});
