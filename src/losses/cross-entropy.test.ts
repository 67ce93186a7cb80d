/** @file Cross-entropy against naive loops, closed forms and finite differences. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { range, rngOf } from "../util/rng.ts";
import { balancedWeights, crossEntropy, type SoftTargets } from "./cross-entropy.ts";

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

/** Row by row from the papers' definitions: a row with two labels is a share of a row of each, and each label's target is smoothed. */
function naiveSoft(
  logits: number[][],
  labels: number[],
  { weights, smoothing, second, shares }: { weights: number[]; smoothing: number; second: number[]; shares: number[] },
): number {
  let [loss, total] = [0, 0];
  logits.forEach((row, i) => {
    const logs = row.map((x) => x - Math.log(row.reduce((sum, other) => sum + Math.exp(other), 0)));
    for (const [y, share] of [
      [labels[i], shares[i]],
      [second[i], 1 - shares[i]],
    ] as const) {
      const target = row.map((_, k) => (1 - smoothing) * Number(k === y) + smoothing / row.length);
      loss -= share * weights[y] * target.reduce((sum, q, k) => sum + q * logs[k], 0);
      total += share * weights[y];
    }
  });
  return loss / total;
}

describe("crossEntropy with soft targets", (test) => {
  test("equals naive loops with class weights, smoothing and second labels, 10 seeds", () => {
    for (const seed of range(10)) {
      const rng = rngOf(seed, "soft.test");
      const logits = range(6).map(() => range(3).map(() => 2 * rng.normal()));
      const [labels, second] = range(2).map(() => range(6).map(() => rng.int(3)));
      const weights = range(3).map(() => 0.5 + rng.next());
      const shares = range(6).map(() => rng.next());
      for (const smoothing of [0, 0.2])
        assertClose(
          tf.tidy(
            () =>
              crossEntropy(tf.tensor2d(logits), tf.tensor1d(labels, "int32"), tf.tensor1d(weights), {
                smoothing,
                mixed: { labels: tf.tensor1d(second, "int32"), shares: tf.tensor1d(shares) },
              }).dataSync()[0],
          ),
          naiveSoft(logits, labels, { weights, smoothing, second, shares }),
          { rtol: 1e-5, atol: 1e-6 },
        );
    }
  });

  test("equals torch's label smoothing where classes weigh alike", () => {
    // torch 2.13: F.cross_entropy(torch.tensor([[1., 2., 0.5], [0., -1., 3.]]), torch.tensor([1, 0]), label_smoothing=0.1)
    const logits = tf.tensor2d([
      [1, 2, 0.5],
      [0, -1, 3],
    ]);
    const labels = tf.tensor1d([1, 0], "int32");
    assertClose(
      tf.tidy(() => crossEntropy(logits, labels, undefined, { smoothing: 0.1 }).dataSync()[0]),
      1.7734596772660207,
      { rtol: 1e-6 },
    );
    tf.dispose([logits, labels]);
  });

  test("is the same number to the last bit where all of a row is its first label", () => {
    const [logits, labels] = [
      [
        [0.3, -1],
        [2, 0.1],
      ],
      [0, 1],
    ];
    const mixed = tf.tidy(
      () =>
        crossEntropy(tf.tensor2d(logits), tf.tensor1d(labels, "int32"), undefined, {
          smoothing: 0,
          mixed: { labels: tf.tensor1d([1, 0], "int32"), shares: tf.ones<tf.Rank.R1>([2]) },
        }).dataSync()[0],
    );
    assert.is(mixed, value(logits, labels));
  });

  test("has its least where the softmax is the smoothed label", () => {
    const labels = tf.tensor1d([1], "int32");
    const grad = tf.tidy(() => {
      const best = tf.log(tf.tensor2d([[0.1, 0.8, 0.1]])) as tf.Tensor2D;
      return tf
        .grad((x) => crossEntropy(x as tf.Tensor2D, labels, undefined, { smoothing: 0.3 }))(best)
        .dataSync();
    });
    assertClose(grad, [0, 0, 0], { atol: 1e-6 });
    labels.dispose();
  });

  test("names wrong shapes and shares", () => {
    const call = (soft: SoftTargets) => tf.tidy(() => void crossEntropy(tf.tensor2d([[1, 2]]), tf.tensor1d([0], "int32"), undefined, soft));
    assert.throws(() => call({ smoothing: 1 }), /smoothing must be from 0 to below 1, got 1/);
    const mixed = () => ({ labels: tf.tensor1d([0], "int32"), shares: tf.tensor1d([1, 1]) });
    assert.throws(() => tf.tidy(() => call({ mixed: mixed() })), /mixed.shares must be \[1\], got \[2\]/);
  });
});

describe("balancedWeights", (test) => {
  test("gives each class the same share, and nothing to an absent one", () => {
    const weights = balancedWeights([0, 0, 0, 1], 2);
    assertClose(weights, [4 / 6, 2], { rtol: 1e-6 });
    assertClose(balancedWeights([1, 1], 2), [0, 0.5], {});
  });
});
