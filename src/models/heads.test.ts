/** @file The projector and the linear head, and the flat parameter vector they read. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { rngOf } from "../util/rng.ts";
import { NORM_EPSILON } from "./layers.ts";
import { linearHead } from "./linear-head.ts";
import { decayMask, initialise, param, sizeOf, unflatten } from "./network.ts";
import { projector } from "./projector.ts";

await startEngine({ threads: 1 });

describe("projector", (test) => {
  const head = projector({ from: 1, hidden: 2, to: 1 });
  // first weight [1, 2], scale [2], offset [2], second weight [2, 1]
  const flat = [1, -1, 2, 2, 0, 1, 1, 10];

  test("is linear, batch norm, rectifier, linear", () => {
    const unit = 1 / Math.sqrt(1 + NORM_EPSILON); // inputs ±1 have mean 0 and variance 1 in both hidden units
    const y = tf.tidy(() => head.apply(unflatten(tf.tensor1d(flat), head.specs), tf.tensor2d([[1], [-1]]), { kind: "batch" }).dataSync());
    const expected = [1, -1].map((x) => Math.max(0, 2 * x * unit) + 10 * Math.max(0, -2 * x * unit + 1));
    assertClose(y, expected, { atol: 1e-5 });
  });

  test("keeps its norm under its own name, so that encoder and projector fit in one vector", () => {
    assert.equal(
      head.norms.map(({ name }) => name),
      ["projector.first.norm"],
    );
    assert.ok(projector({ from: 1, hidden: 2, to: 1, name: "q" }).specs.every(({ name }) => name.startsWith("q.")));
  });

  test("leaves no tensors behind", () =>
    expectNoLeak(() =>
      tf.tidy(
        () =>
          void tf.grad(
            (p) => tf.sum(head.apply(unflatten(p as tf.Tensor1D, head.specs), tf.tensor2d([[1], [3]]), { kind: "batch" })) as tf.Scalar,
          )(tf.tensor1d(flat)),
      ),
    ));
});

describe("linearHead", (test) => {
  const head = linearHead({ from: 2, classes: 3 });

  test("is x·W + b", () => {
    const y = tf.tidy(() =>
      head.apply(unflatten(tf.tensor1d([1, 2, 3, 4, 5, 6, 0.1, 0.2, 0.3]), head.specs), tf.tensor2d([[1, 10]])).dataSync(),
    );
    assertClose(y, [41.1, 52.2, 63.3], { atol: 1e-5 });
  });

  test("starts with small weights and no bias, and decays weights only", () => {
    const wide = linearHead({ from: 100, classes: 10 });
    const values = initialise(wide.specs, (name) => rngOf(1, name));
    const deviation = Math.sqrt(values.slice(0, 1000).reduce((sum, value) => sum + value * value, 0) / 1000);
    assertClose(deviation, 0.01, { rtol: 0.1 }); // sd of a sample of 1000: 2 %
    assertClose(values.slice(1000), new Float32Array(10), {});
    assertClose(
      decayMask(wide.specs),
      Float32Array.from({ length: 1010 }, (_, i) => (i < 1000 ? 1 : 0)),
      {},
    );
  });
});

describe("unflatten", (test) => {
  test("gives each spec its part in order, and the gradient comes back in the same places", () => {
    const { specs } = linearHead({ from: 2, classes: 1 });
    tf.tidy(() => {
      const flat = tf.tensor1d([1, 2, 3]);
      assertClose(param(unflatten(flat, specs), "head.weight").dataSync(), [1, 2], {});
      const grad = tf.grad((p) => tf.sum(tf.mul(param(unflatten(p as tf.Tensor1D, specs), "head.bias"), 7)) as tf.Scalar)(flat);
      assertClose(grad.dataSync(), [0, 0, 7], {});
    });
    assert.is(sizeOf(specs), 3);
  });

  test("an unknown name says which names there are", () => {
    assert.throws(() => param(new Map([["a", tf.scalar(0)]]), "b"), /no parameter is called "b", known: a/);
  });
});

describe("initialise", (test) => {
  test("draws each spec from its own stream: a new spec in front does not shift the others", () => {
    const a = linearHead({ from: 3, classes: 2, name: "a" }).specs;
    const b = linearHead({ from: 3, classes: 2, name: "b" }).specs;
    const rngFor = (name: string) => rngOf(9, name);
    assert.equal(initialise([...a, ...b], rngFor).slice(sizeOf(a)), initialise(b, rngFor));
  });
});
