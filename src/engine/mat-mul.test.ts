import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { matMul } from "./mat-mul.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

await startEngine({ threads: 1 });
const float = { atol: 1e-5, rtol: 1e-5 }; // float32 sums of 4 products
const cases = [false, true].flatMap((a) => [false, true].map((b) => ({ a, b })));
const factors = ({ a, b }: { a: boolean; b: boolean }) => [
  tf.randomNormal<tf.Rank.R2>(a ? [4, 3] : [3, 4], 0, 1, "float32", 1),
  tf.randomNormal<tf.Rank.R2>(b ? [5, 4] : [4, 5], 0, 1, "float32", 2),
];

describe("matMul", (test) => {
  for (const transposed of cases) {
    const name = `a${transposed.a ? "ᵀ" : ""}·b${transposed.b ? "ᵀ" : ""}`;
    const ours = (x: tf.Tensor, y: tf.Tensor) => matMul(x as tf.Tensor2D, y as tf.Tensor2D, transposed);
    const stock = (x: tf.Tensor, y: tf.Tensor): tf.Tensor2D => tf.matMul(x, y, transposed.a, transposed.b);
    const weighted = (product: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.square(product), tf.range(1, 16).reshape([3, 5])));

    test(`${name}: equals tfjs's product, and its gradients in both factors`, () => {
      const xs = factors(transposed);
      assertClose(ours(xs[0], xs[1]).dataSync(), stock(xs[0], xs[1]).dataSync(), float);
      const [mine, theirs] = [ours, stock].map((product) => tf.grads((x, y) => weighted(product(x, y)))(xs));
      mine.forEach((grad, i) => {
        assert.equal(grad.shape, xs[i].shape);
        assertClose(grad.dataSync(), theirs[i].dataSync(), { atol: 1e-4, rtol: 1e-4 });
      });
    });
    test(`${name}: equals tfjs in the gradient of a gradient`, () => {
      const [a, b] = factors(transposed);
      const second = (product: typeof ours) =>
        tf
          .grad((x) => tf.sum(tf.square(tf.grad((y) => weighted(product(x, y)))(b))))(a)
          .dataSync();
      assertClose(second(ours), second(stock), { atol: 1e-2, rtol: 1e-4 });
    });
  }
  test("keeps no tensor", async () => {
    const xs = factors({ a: false, b: false });
    await expectNoLeak(() => {
      const grads = tf.grads((x, y) => tf.sum(matMul(x as tf.Tensor2D, y as tf.Tensor2D)))(xs);
      tf.dispose(grads);
    });
  });
});
