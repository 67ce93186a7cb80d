/** @file InfoNCE against naive loops, its queue, and keys without gradient. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { infoNce } from "./info-nce.ts";
import { enqueue } from "./queue.ts";

await startEngine({ threads: 1 });

const draw = (name: string, n: number, seed = 0): number[][] => {
  const rng = rngOf(seed, "info-nce.test", name);
  return range(n).map(() => range(4).map(() => rng.normal()));
};
const ints = (values: number[]) => tf.tensor1d(values, "int32");

/** Eq. 1 of the paper as loops in float64, with the group rule. */
function naive(q: number[][], k: number[][], queue: number[][], t: number, groups = q.map(() => -1), queued = queue.map(() => -2)): number {
  const cosine = (a: number[], b: number[]) => a.reduce((sum, x, j) => sum + x * b[j], 0) / (Math.hypot(...a) * Math.hypot(...b));
  let total = 0;
  q.forEach((row, i) => {
    const positive = cosine(row, k[i]) / t;
    let sum = Math.exp(positive);
    queue.forEach((key, j) => (sum += queued[j] === groups[i] ? 0 : Math.exp(cosine(row, key) / t)));
    total += Math.log(sum) - positive;
  });
  return total / q.length;
}

describe("infoNce", (test) => {
  test("equals naive loops, with and without groups, 10 seeds", () => {
    for (const seed of range(10)) {
      const [q, k, queue] = [draw("q", 5, seed), draw("k", 5, seed), draw("queue", 7, seed)];
      const [groups, queued] = [range(5).map((i) => i % 3), range(7).map((i) => i % 4)];
      tf.tidy(() => {
        const [a, b, keys] = [q, k, queue].map((rows) => tf.tensor2d(rows));
        assertClose(infoNce(a, b, { keys }, 0.2).dataSync(), [naive(q, k, queue, 0.2)], { rtol: 1e-5, atol: 1e-5 });
        assertClose(
          infoNce(a, b, { keys, groups: ints(queued) }, 0.2, ints(groups)).dataSync(),
          [naive(q, k, queue, 0.2, groups, queued)],
          { rtol: 1e-5, atol: 1e-5 },
        );
      });
    }
  });
  test("is log(m + 1) where all rows are one, and 0 where the whole queue is of the query's group", () =>
    tf.tidy(() => {
      const same = (n: number) => tf.ones<tf.Rank.R2>([n, 3]);
      assertClose(infoNce(same(2), same(2), { keys: same(9) }, 0.1).dataSync(), [Math.log(10)], { atol: 1e-5 });
      const one = infoNce(same(2), same(2), { keys: same(3), groups: ints([4, 4, 4]) }, 0.1, ints([4, 4]));
      assertClose(one.dataSync(), [0], { atol: 1e-6 });
    }));
  test("gives keys and queue no gradient", () =>
    tf.tidy(() => {
      const inputs = [draw("q", 3), draw("k", 3), draw("queue", 5)].map((rows) => tf.tensor2d(rows));
      const [q, k, queue] = tf.grads((a, b, keys) => {
        const loss = infoNce(a as tf.Tensor2D, b as tf.Tensor2D, { keys: keys as tf.Tensor2D }, 0.2);
        return tf.add(loss, tf.mul(0, tf.add(tf.sum(b), tf.sum(keys)))); // on the tape, so that the gradient is a zero and not an error
      })(inputs);
      assert.ok(tf.max(tf.abs(q)).dataSync()[0] > 0.01);
      assertClose([...k.dataSync(), ...queue.dataSync()], new Float32Array(32), {});
    }));
  test("names a wrong queue, temperature and missing groups", () =>
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R2>([2, 3]);
      assert.throws(() => infoNce(x, x, { keys: tf.ones([4, 2]) }, 1), /infoNce: queued keys must be \[m, 3\], got \[4,2\]/);
      assert.throws(() => infoNce(x, x, { keys: x }, 0), /infoNce: temperature must be > 0, got 0/);
      assert.throws(() => infoNce(x, x, { keys: x }, 1, ints([1, 2])), /infoNce: groups must be given for queries and queue, got only one/);
    }));
});

describe("enqueue", (test) => {
  test("puts the newest first and lets the oldest fall out", () =>
    tf.tidy(() => {
      const queue = enqueue(tf.tensor2d([[1], [2], [3]]), tf.tensor2d([[8], [9]]));
      assertClose(queue.dataSync(), [8, 9, 1], {});
      assertClose(enqueue(queue, tf.tensor2d([[5], [6], [7]])).dataSync(), [5, 6, 7], {});
      assertClose(enqueue(ints([1, 2]), ints([3])).dataSync(), [3, 1], {}); // groups move with their keys
    }));
  test("refuses more rows than it holds", () =>
    tf.tidy(() => assert.throws(() => enqueue(tf.ones([2, 3]), tf.ones([3, 3])), /enqueue: rows must fit into the queue of 2, got 3/)));
});
