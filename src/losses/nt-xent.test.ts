/** @file NT-Xent against golden values, naive loops, closed forms and finite differences. */
import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, type Tolerance } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { range, rngOf } from "../util/rng.ts";
import { l2Normalise } from "./l2-normalise.ts";
import { ntXent } from "./nt-xent.ts";

await startEngine({ threads: 1 });

/** Values of lightly 1.5.26 and of numpy loops in float64, gradients by central differences. */
interface Golden {
  name: string;
  inputs: { z0: number[][]; z1: number[][]; group?: number[] };
  params: { temperature: number };
  expected: { loss: number; grad_z0: number[][]; grad_z1: number[][] };
  tolerance: { f32: Tolerance };
}
const golden = JSON.parse(readFileSync(new URL("fixtures/nt-xent.json", import.meta.url), "utf8")) as Golden[];

const draw = (seed: number, n: number, d: number): number[][] => {
  const rng = rngOf(seed, "nt-xent.test");
  return range(n).map(() => range(d).map(() => rng.normal()));
};
const value = (a: number[][], b: number[][], t: number, groups?: number[]): number =>
  tf.tidy(() => ntXent(tf.tensor2d(a), tf.tensor2d(b), t, groups && tf.tensor1d(groups, "int32")).dataSync()[0]);

/** Algorithm 1 of the paper as loops in float64, with the group rule. */
function naive(a: number[][], b: number[][], t: number, groups: number[] = range(a.length)): number {
  const unit = [...a, ...b].map((row) => row.map((x) => x / Math.hypot(...row)));
  const group = [...groups, ...groups];
  const n = a.length;
  const s = (i: number, k: number) => unit[i].reduce((sum, x, j) => sum + x * unit[k][j], 0) / t;
  let total = 0;
  for (let i = 0; i < 2 * n; i++) {
    const partner = (i + n) % (2 * n);
    const counted = range(2 * n).filter((k) => k === partner || (k !== i && group[k] !== group[i]));
    total += Math.log(counted.reduce((sum, k) => sum + Math.exp(s(i, k)), 0)) - s(i, partner);
  }
  return total / (2 * n);
}

describe("ntXent", (test) => {
  for (const { name, inputs, params, expected, tolerance } of golden)
    test(`equals the golden value and gradients of ${name}`, () => {
      tf.tidy(() => {
        const groups = inputs.group && tf.tensor1d(inputs.group, "int32");
        const f = (a: tf.Tensor, b: tf.Tensor) => ntXent(a as tf.Tensor2D, b as tf.Tensor2D, params.temperature, groups);
        const result = tf.valueAndGrads(f)([tf.tensor2d(inputs.z0), tf.tensor2d(inputs.z1)]);
        assertClose(result.value.dataSync(), [expected.loss], tolerance.f32, "loss");
        assertClose(result.grads[0].dataSync(), expected.grad_z0, tolerance.f32, "first view's gradient");
        assertClose(result.grads[1].dataSync(), expected.grad_z1, tolerance.f32, "second view's gradient");
      });
    });

  test("equals naive loops, with and without groups, 10 seeds", () => {
    for (const seed of range(10)) {
      const n = 2 + (seed % 5);
      const groups = range(n).map((i) => Math.floor(i / 2));
      const [a, b] = [draw(seed, n, 4), draw(seed + 100, n, 4)];
      assertClose(value(a, b, 0.3), naive(a, b, 0.3), { rtol: 1e-5, atol: 1e-5 });
      assertClose(value(a, b, 0.3, groups), naive(a, b, 0.3, groups), { rtol: 1e-5, atol: 1e-5 });
    }
  });

  test("is log(2n - 1) when all embeddings are one", () => {
    const same = range(6).map(() => [1, 2, 3]);
    assertClose(value(same, same, 0.5), Math.log(11), { atol: 1e-5 });
  });

  test("is 0 with gradient 0 when the whole batch is one group: only the partner is left", () => {
    const [a, b] = [draw(1, 4, 3), draw(2, 4, 3)];
    assertClose(value(a, b, 0.1, [5, 5, 5, 5]), 0, { atol: 1e-6 });
    const grad = tf.tidy(() =>
      tf
        .grad((x) => ntXent(x as tf.Tensor2D, tf.tensor2d(b), 0.1, tf.tensor1d([5, 5, 5, 5], "int32")))(tf.tensor2d(a))
        .dataSync(),
    );
    assertClose(grad, new Float32Array(12), { atol: 1e-6 });
  });

  test("does not change when every image is its own group, the views swap, the batch is shuffled or rows are scaled", () => {
    const [a, b] = [draw(3, 5, 4), draw(4, 5, 4)];
    const order = [3, 0, 4, 1, 2];
    const expected = value(a, b, 0.2);
    const close = (other: number) => assertClose(other, expected, { rtol: 1e-5 });
    close(value(a, b, 0.2, range(5)));
    close(value(b, a, 0.2));
    close(
      value(
        order.map((i) => a[i]),
        order.map((i) => b[i]),
        0.2,
      ),
    );
    close(
      value(
        a.map((row, i) => row.map((x) => x * (i + 1))),
        b,
        0.2,
      ),
    );
  });

  test("has the gradient of finite differences at a group boundary", () => {
    tf.tidy(() => {
      const [b, groups] = [tf.tensor2d(draw(6, 3, 3)), tf.tensor1d([0, 0, 1], "int32")];
      assertGradient((a) => ntXent(a as tf.Tensor2D, b, 0.5, groups), tf.tensor2d(draw(5, 3, 3)), { atol: 1e-3 });
    });
  });

  test("stays finite at a low temperature and with a row of zeros", () => {
    const a = [
      [0, 0],
      [1, 0],
    ];
    const result = tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x) =>
        ntXent(
          x as tf.Tensor2D,
          tf.tensor2d([
            [1, 0],
            [0, 1],
          ]),
          0.01,
        ),
      )(tf.tensor2d(a));
      return [...value.dataSync(), ...grad.dataSync()];
    });
    assert.ok(result.every(Number.isFinite), String(result));
  });

  test("names a wrong temperature, shape or number of groups", () => {
    const x = draw(1, 2, 3);
    assert.throws(() => value(x, x, 0), /ntXent: temperature must be > 0, got 0/);
    assert.throws(() => value(x, draw(1, 3, 3), 1), /ntXent: views must have one shape, got \[2,3\] and \[3,3\]/);
    assert.throws(() => value(x, x, 1, [1]), /ntXent: groups must be \[2\], got \[1\]/);
  });

  test("leaves no tensors behind, forward and backward", async () => {
    const a = tf.tensor2d(draw(1, 4, 3));
    const groups = tf.tensor1d([0, 0, 1, 2], "int32");
    await expectNoLeak(() => ntXent(a, a, 0.5, groups).dispose());
    await expectNoLeak(() =>
      tf
        .grad((x) => ntXent(x as tf.Tensor2D, a, 0.5, groups))(a)
        .dispose(),
    );
    tf.dispose([a, groups]);
  });
});

describe("l2Normalise", (test) => {
  test("gives rows length 1, tiny rows too, and leaves zeros zero", () => {
    const rows = tf.tidy(() =>
      l2Normalise(
        tf.tensor2d([
          [3, 4],
          [3e-8, 4e-8],
          [0, 0],
        ]),
      ).dataSync(),
    );
    assertClose(rows, [0.6, 0.8, 0.6, 0.8, 0, 0], { rtol: 1e-4 });
  });
});
