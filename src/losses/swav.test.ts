/** @file Sinkhorn and SwAV: equal shares, ln k at the start, codes without gradient, the queue. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { sinkhorn } from "./sinkhorn.ts";
import { swav } from "./swav.ts";

await startEngine({ threads: 1 });

/** Cosine-like scores in -1 … 1. */
const draw = (name: string, n: number, k: number): tf.Tensor2D => {
  const rng = rngOf(3, "swav.test", name);
  return tf.tensor2d(
    range(n * k).map(() => 2 * rng.next() - 1),
    [n, k],
  );
};
const settings = { temperature: 0.1, epsilon: 0.05, iterations: 3 };

describe("sinkhorn", (test) => {
  test("gives every sample one unit, and with many rounds every prototype the same share", () =>
    tf.tidy(() => {
      const codes = sinkhorn(draw("a", 12, 4), { epsilon: 0.3, iterations: 60 });
      assertClose(tf.sum(codes, 1).dataSync(), new Float32Array(12).fill(1), { atol: 1e-5 });
      assertClose(tf.sum(codes, 0).dataSync(), new Float32Array(4).fill(3), { atol: 1e-4 });
    }));
  test("spreads samples that all prefer one prototype", () =>
    tf.tidy(() => {
      const scores = tf.add<tf.Tensor2D>(draw("a", 8, 2), tf.tensor1d([5, 0]));
      const shares = tf.sum(sinkhorn(scores, { epsilon: 0.5, iterations: 50 }), 0).dataSync();
      assertClose(shares, [4, 4], { atol: 0.01 });
    }));
  test("does not depend on what is added to all scores of a sample or of a prototype", () =>
    tf.tidy(() => {
      const scores = draw("a", 6, 3);
      const shifted = tf.add<tf.Tensor2D>(scores, draw("rows", 6, 1));
      const options = { epsilon: 0.2, iterations: 40 };
      assertClose(sinkhorn(shifted, options).dataSync(), sinkhorn(scores, options).dataSync(), { atol: 1e-4 });
    }));
  test("is finite where exp(scores/epsilon) is not", () =>
    tf.tidy(() => {
      const codes = sinkhorn(tf.tensor2d([10, 0, 0, 10], [2, 2]), { epsilon: 0.01, iterations: 3 }).dataSync();
      assertClose(codes, [1, 0, 0, 1], { atol: 1e-6 });
    }));
  test("names wrong settings", () =>
    tf.tidy(() => {
      assert.throws(() => sinkhorn(draw("a", 2, 2), { epsilon: 0, iterations: 3 }), /sinkhorn: epsilon must be > 0, got 0/);
      assert.throws(
        () => sinkhorn(draw("a", 2, 2), { epsilon: 1, iterations: 0 }),
        /sinkhorn: iterations must be a whole number > 0, got 0/,
      );
    }));
});

describe("swav", (test) => {
  test("is ln k where all scores are equal, whatever the number of crops", () =>
    tf.tidy(() => {
      const flat = () => tf.fill<tf.Rank.R2>([6, 5], 0.3);
      for (const low of [0, 3])
        assertClose(swav({ high: [flat(), flat()], low: range(low).map(flat) }, settings).dataSync(), [Math.log(5)], { rtol: 1e-5 });
    }));
  test("has the gradient of a cross-entropy with fixed codes: (softmax - codes)/(n·t) for the one crop that predicts", () =>
    tf.tidy(() => {
      const [high, low] = [draw("a", 6, 3), draw("b", 6, 3)];
      const loss = (a: tf.Tensor, b: tf.Tensor) => swav({ high: [a as tf.Tensor2D], low: [b as tf.Tensor2D] }, settings);
      // 0·high puts it on the tape, so that its gradient is a zero and not an error
      const grads = tf.grads((a, b) => tf.add(loss(a, b), tf.mul(0, tf.sum(a))))([high, low]);
      const [toHigh, toLow] = grads.map((grad) => grad.dataSync());
      const expected = tf.div(tf.sub(tf.softmax(tf.div(low, settings.temperature)), sinkhorn(high, settings)), 6 * settings.temperature);
      assertClose(toLow, expected.dataSync(), { rtol: 1e-4, atol: 1e-6 });
      assertClose(toHigh, new Float32Array(18), { atol: 0 });
    }));
  test("assigns a batch together with what is queued: a queue full of one prototype's samples turns codes to the others", () =>
    tf.tidy(() => {
      const batch = tf.zeros<tf.Rank.R2>([4, 2]);
      const queued = tf.tensor2d(
        range(40).map((i) => (i % 2 ? 0 : 1)),
        [20, 2],
      ); // all prefer prototype 0
      const low = tf.tensor2d(
        range(8).map((i) => (i % 2 ? 1 : 0)),
        [4, 2],
      ); // predicts prototype 1
      const loss = (withQueue: boolean) =>
        swav({ high: [batch], low: [low], ...(withQueue ? { queued: [queued] } : {}) }, { ...settings, epsilon: 0.5 }).dataSync()[0];
      assert.ok(loss(true) < 0.5 * loss(false), `${loss(true)} with the queue, ${loss(false)} without`);
    }));
  test("names missing crops and a queue that does not fit", () =>
    tf.tidy(() => {
      const high = [draw("a", 4, 3)];
      assert.throws(() => swav({ high }, settings), /swav: a large crop and another crop must be there, got 1 large, 0 small/);
      assert.throws(
        () => swav({ high, low: high, queued: [] }, settings),
        /swav: queued must hold scores for each of 1 large crops, got 0/,
      );
    }));
});
