/** @file Test-time views against pixels that can be written down, and their mean against the plain prediction. */
import * as assert from "uvu/assert";
import { finetuneSchema } from "../../src/config/finetune.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { expectNoLeak } from "../../src/testing/expect-no-leak.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { logitsOf } from "../train-classifier.ts";
import { MOST_VIEWS, predictViews, viewOf } from "./test-time.ts";

await startEngine({ threads: 1 });
const size = 16;
const rng = rngOf(1, "views");
const frames = { size, pixels: Uint8Array.from(range(70 * size * size), () => rng.int(256)) };
const weights = tf.keep(tf.randomNormal<tf.Rank.R2>([size * size, 3], 0, 1, "float32", 2));
/** Logits that are not linear in the pixels: means of pixels and of logits differ. */
const trained = { logits: (x: tf.Tensor4D): tf.Tensor2D => tf.square(tf.matMul(tf.reshape(x, [x.shape[0], size * size]), weights)) };

/** Grey level = place across + 10 · place down, both 0–1. */
const ramp = () =>
  tf.tensor4d(
    Float32Array.from(range(size * size), (at) => ((at % size) + 10 * Math.floor(at / size)) / (size - 1)),
    [1, size, size, 1],
  );
const corners = (x: tf.Tensor4D) => [0, size - 1, size * (size - 1), size * size - 1].map((at) => x.dataSync()[at]);

describe("viewOf", (test) => {
  test("shows the image, its mirror image, then nine tenths of it from the centre and the corners, each and mirrored", () =>
    tf.tidy(() => {
      const boxes = [
        [0, 0, 1, 1],
        [0.05, 0.05, 0.95, 0.95],
        [0, 0, 0.9, 0.9],
        [0, 0.1, 0.9, 1],
        [0.1, 0, 1, 0.9],
        [0.1, 0.1, 1, 1],
      ];
      boxes.forEach(([top, left, bottom, right], i) => {
        const expected = [left + 10 * top, right + 10 * top, left + 10 * bottom, right + 10 * bottom];
        assertClose(corners(viewOf(ramp(), 2 * i)), expected, { atol: 1e-4 }, `view ${2 * i}`);
        const mirrored = [expected[1], expected[0], expected[3], expected[2]];
        assertClose(corners(viewOf(ramp(), 2 * i + 1)), mirrored, { atol: 1e-4 }, `view ${2 * i + 1}`);
      });
      assert.is(MOST_VIEWS, 2 * boxes.length);
    }));

  test("refuses views that there are none of, and the settings allow those that there are", () => {
    assert.throws(() => viewOf(ramp(), MOST_VIEWS), /number must be a whole number from 0 to 11, got 12/);
    assert.ok(finetuneSchema.safeParse({ testTimeViews: MOST_VIEWS }).success);
    assert.not.ok(finetuneSchema.safeParse({ testTimeViews: MOST_VIEWS + 1 }).success);
  });
});

describe("predictViews", (test) => {
  test("is, with one view, the plain prediction to the last bit", () =>
    assert.equal(predictViews(trained, frames, range(70), 1), logitsOf(trained, frames, range(70))));

  test("is the mean of the logits of the views, over more than a batch of images", () => {
    const images = range(70);
    const found = predictViews(trained, frames, images, 3);
    const expected = tf.tidy(() => {
      const x = tf.tensor4d(
        Float32Array.from(frames.pixels, (level) => level / 255),
        [70, size, size, 1],
      );
      return tf.mean(tf.stack([0, 1, 2].map((view) => trained.logits(viewOf(x, view)))), 0).dataSync();
    });
    assertClose(
      found.flatMap((row) => [...row]),
      expected,
      { rtol: 1e-4 },
    );
  });

  test("does not care which way round an image is, with an even number of views", () => {
    const mirrored = frames.pixels.map((_, at) => frames.pixels[at - (at % size) + (size - 1 - (at % size))]);
    for (const views of [2, 4]) {
      const [a, b] = [frames, { size, pixels: mirrored }].map((own) =>
        predictViews(trained, own, range(5), views).flatMap((row) => [...row]),
      );
      assertClose(a, b, { rtol: 1e-3, atol: 1e-3 });
    }
  });

  test("leaves no tensors behind, and names a number of views that it cannot make", async () => {
    await expectNoLeak(() => predictViews(trained, frames, range(3), 12));
    assert.throws(() => predictViews(trained, frames, [0], 0), /views must be a whole number from 1 to 12, got 0/);
    assert.throws(() => predictViews(trained, frames, [0], 1.5), /got 1.5/);
  });
});
