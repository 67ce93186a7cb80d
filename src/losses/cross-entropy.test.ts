/** @file Cross-entropy against naive loops, closed forms and finite differences. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { range, rngOf } from "../util/rng.ts";
import { balancedWeights, crossEntropy } from "./cross-entropy.ts";

await startEngine({ threads: 1 });

const value = (logits: number[][], labels: number[], weights?: number[]): number =>
  tf.tidy(() => crossEntropy(tf.tensor2d(logits), tf.tensor1d(labels, "int32"), weights && tf.tensor1d(weights)).dataSync()[0]);

function naive(logits: number[][], labels: number[], weights: number[]): number {
  let [loss, total] = [0, 0];
  logits.forEach((row, i) => {
    const y = labels[i];
    loss += weights[y] * (Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[y]);
    total += weights[y];
  });
  return loss / total;
}

describe("crossEntropy", (test) => {
  test("equals naive loops with class weights, 10 seeds", () => {
    for (const seed of range(10)) {
      const rng = rngOf(seed, "cross-entropy.test");
      const logits = range(5).map(() => range(3).map(() => 2 * rng.normal()));
      const labels = range(5).map(() => rng.int(3));
      const weights = range(3).map(() => 0.5 + rng.next());
      assertClose(value(logits, labels, weights), naive(logits, labels, weights), { rtol: 1e-5, atol: 1e-6 });
      assertClose(value(logits, labels), naive(logits, labels, [1, 1, 1]), { rtol: 1e-5, atol: 1e-6 });
    }
  });

  test("is log k when all logits are equal", () => assertClose(value([[5, 5, 5, 5]], [2]), Math.log(4), { atol: 1e-6 }));

  test("does not depend on the weights' scale", () => {
    const logits = [
      [1, 2],
      [0, -1],
      [3, 0],
    ];
    assertClose(value(logits, [0, 1, 1], [10, 30]), value(logits, [0, 1, 1], [1, 3]), { rtol: 1e-6 });
  });

  test("is finite and exact for logits far apart", () => {
    assertClose(value([[1000, 0]], [1]), 1000, { rtol: 1e-6 });
    assertClose(value([[1000, 0]], [0]), 0, { atol: 1e-6 });
  });

  test("has the gradient of finite differences", () => {
    tf.tidy(() => {
      const [labels, weights] = [tf.tensor1d([0, 2], "int32"), tf.tensor1d([1, 2, 3])];
      assertGradient(
        (x) => crossEntropy(x as tf.Tensor2D, labels, weights),
        tf.tensor2d([
          [0.1, 0.5, -1],
          [2, 0, 1],
        ]),
        { atol: 1e-3 },
      );
    });
  });

  test("names wrong shapes", () => {
    assert.throws(() => value([[1, 2]], [0, 1]), /crossEntropy: labels must be \[1\], got \[2\]/);
    assert.throws(() => value([[1, 2]], [0], [1]), /crossEntropy: classWeights must be \[2\], got \[1\]/);
  });

  test("leaves no tensors behind", async () => {
    const [logits, labels, weights] = [tf.tensor2d([[1, 2]]), tf.tensor1d([1], "int32"), tf.tensor1d([1, 2])];
    await expectNoLeak(() =>
      tf
        .grad((x) => crossEntropy(x as tf.Tensor2D, labels, weights))(logits)
        .dispose(),
    );
    tf.dispose([logits, labels, weights]);
  });
});

describe("balancedWeights", (test) => {
  test("gives each class the same share, and nothing to an absent one", () => {
    const weights = balancedWeights([0, 0, 0, 1], 2);
    assertClose(weights, [4 / 6, 2], { rtol: 1e-6 });
    assertClose(balancedWeights([1, 1], 2), [0, 0.5], {});
  });
});
