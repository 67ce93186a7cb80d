import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { averagePool } from "./average-pool.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });
const image = (): tf.Tensor4D => tf.randomNormal([2, 4, 6, 3], 0, 1, "float32", 1);

/** The same by reshaping and averaging, whose gradients tfjs knows at every order. */
const byReshape = (x: tf.Tensor4D): tf.Tensor4D => {
  const [n, h, w, c] = x.shape;
  const rows = tf.mean(tf.reshape(x, [n, h / 2, 2, w, c]), 2);
  return tf.mean(tf.reshape(rows, [n, h / 2, w / 2, 2, c]), 3);
};
const cubed = (pool: (x: tf.Tensor4D) => tf.Tensor4D) => (x: tf.Tensor) => tf.sum(tf.pow(pool(x as tf.Tensor4D), 3));
const bits = { atol: 1e-6, rtol: 1e-5 }; // float32 sums of four

describe("averagePool", (test) => {
  test("equals the mean of each 2 × 2 pixels, and its gradient", () => {
    const x = image();
    assertClose(averagePool(x).dataSync(), byReshape(x).dataSync(), bits);
    assertClose(tf.grad(cubed(averagePool))(x).dataSync(), tf.grad(cubed(byReshape))(x).dataSync(), bits);
  });
  test("equals it in the gradient of a gradient", () => {
    const second = (pool: typeof averagePool) =>
      tf
        .grad((x) => tf.sum(tf.square(tf.grad(cubed(pool))(x))))(image())
        .dataSync();
    assertClose(second(averagePool), second(byReshape), bits);
  });
  test("counts the last row of an odd side twice, in the gradient too", () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 7], [1, 3, 2, 1]);
    assert.equal([...averagePool(x).dataSync()], [2.5, 6]);
    const gradient = tf
      .grad((y) => tf.sum(averagePool(y as tf.Tensor4D)))(x)
      .dataSync();
    assert.equal([...gradient], [0.25, 0.25, 0.25, 0.25, 0.5, 0.5]);
  });
  test("keeps no tensor", async () => {
    const x = image();
    await expectNoLeak(() => tf.dispose(tf.grad(cubed(averagePool))(x)));
  });
});
