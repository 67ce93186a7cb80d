/** @file Mask losses against naive loops, torch and finite differences. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { range, rngOf } from "../util/rng.ts";
import { maskCrossEntropy, maskDice, type MaskTargets } from "./mask-loss.ts";

await startEngine({ threads: 1 });

type Loss = typeof maskCrossEntropy;
/** Value for images of 2 × 2 cells; `masks` are shares of cells, not weighted yet. */
const value = (loss: Loss, logits: number[][], masks: number[][], weights: number[]): number =>
  tf.tidy(() => loss(cells(logits), targets(masks, weights)).dataSync()[0]);
const cells = (rows: number[][]): tf.Tensor4D => tf.tensor4d(rows.flat(), [rows.length, 2, 2, 1]);
const targets = (masks: number[][], weights: number[]): MaskTargets => ({
  covered: cells(masks.map((row, i) => row.map((share) => weights[i] * share))),
  weights: tf.tensor4d(weights, [weights.length, 1, 1, 1]),
});

function drawn(seed: number) {
  const rng = rngOf(seed, "mask-loss");
  const rows = (draw: () => number) => range(3).map(() => range(4).map(draw));
  return { logits: rows(() => 3 * rng.normal()), masks: rows(rng.next), weights: [1, 0, rng.next()] };
}
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe("maskCrossEntropy", (test) => {
  test("equals torch, cell by cell", () => {
    // torch 2.13: F.binary_cross_entropy_with_logits(tensor([.3, -1.2, 2.]), tensor([.2, 1., 0.])) without reduction: 0.7944, 1.4633, 2.1269
    const cell = (z: number, m: number) => value(maskCrossEntropy, [[z, z, z, z]], [[m, m, m, m]], [1]);
    assertClose([cell(0.3, 0.2), cell(-1.2, 1), cell(2, 0)], [0.7944, 1.4633, 2.1269], { atol: 5e-5 });
  });

  test("equals a naive loop over images with weights, 10 seeds", () => {
    for (const seed of range(10)) {
      const { logits, masks, weights } = drawn(seed);
      let [loss, total] = [0, 0];
      logits.forEach((row, i) => {
        const p = row.map(sigmoid);
        loss -= weights[i] * p.reduce((sum, q, c) => sum + (masks[i][c] * Math.log(q) + (1 - masks[i][c]) * Math.log(1 - q)) / 4, 0);
        total += weights[i];
      });
      assertClose(value(maskCrossEntropy, logits, masks, weights), loss / total, { rtol: 1e-5 });
    }
  });

  test("is finite for logits far apart", () =>
    assertClose(value(maskCrossEntropy, [[1000, -1000, 1000, -1000]], [[0, 0, 1, 1]], [1]), 500, { rtol: 1e-6 }));
});

describe("maskDice", (test) => {
  test("equals a naive loop over all cells of images with weights, 10 seeds", () => {
    for (const seed of range(10)) {
      const { logits, masks, weights } = drawn(seed);
      let [both, all] = [0, 0];
      logits.forEach((row, i) =>
        row.forEach((z, c) => {
          both += weights[i] * sigmoid(z) * masks[i][c];
          all += weights[i] * (sigmoid(z) + masks[i][c]);
        }),
      );
      assertClose(value(maskDice, logits, masks, weights), 1 - (2 * both) / all, { rtol: 1e-5 });
    }
  });

  test("is 0 for the mask itself, and 1 beside it", () => {
    assertClose(value(maskDice, [[50, -50, -50, 50]], [[1, 0, 0, 1]], [1]), 0, { atol: 1e-6 });
    assertClose(value(maskDice, [[-50, 50, 50, -50]], [[1, 0, 0, 1]], [1]), 1, { atol: 1e-6 });
  });
});

for (const loss of [maskCrossEntropy, maskDice])
  describe(loss.name, (test) => {
    test("has the gradient of finite differences, and none in an image without a mask", () =>
      tf.tidy(() => {
        const { logits, masks, weights } = drawn(3);
        const own = targets(masks, weights);
        assertGradient((x) => loss(x as tf.Tensor4D, own), cells(logits), { atol: 1e-3 });
        const gradient = tf
          .grad((x) => loss(x as tf.Tensor4D, own))(cells(logits))
          .dataSync();
        assert.equal([...gradient.subarray(4, 8)], [0, 0, 0, 0]);
      }));

    test("is 0, with no gradient, where no image has a mask", () =>
      tf.tidy(() => {
        const own = targets([[0, 0, 0, 0]], [0]);
        assert.is(loss(cells([[1, 2, 3, 4]]), own).dataSync()[0], 0);
        assert.equal(
          [
            ...tf
              .grad((x) => loss(x as tf.Tensor4D, own))(cells([[1, 2, 3, 4]]))
              .dataSync(),
          ],
          [0, 0, 0, 0],
        );
      }));

    test("names wrong shapes, and leaves no tensors behind", async () => {
      const [x, right] = [cells([[1, 2, 3, 4]]), targets([[0, 0, 1, 1]], [1])];
      const wrong = targets([range(4), range(4)], [1, 1]);
      assert.throws(() => loss(x, wrong), /covered must be \[1,2,2,1\], got \[2,2,2,1\]/);
      assert.throws(() => loss(x, { ...right, weights: wrong.weights }), /weights must be \[1,1,1,1\], got \[2,1,1,1\]/);
      await expectNoLeak(() => loss(x, right).dispose());
      tf.dispose([x, ...Object.values(right), ...Object.values(wrong)]);
    });
  });
