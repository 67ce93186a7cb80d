/** @file Values that can be written down, of the losses that have no file of tests of their own. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range } from "../util/rng.ts";
import { barlowTwins } from "./barlow-twins.ts";
import { byolLoss, simsiamLoss } from "./negative-cosine.ts";
import { ntXent } from "./nt-xent.ts";
import { supCon } from "./sup-con.ts";
import { vicregTerms } from "./vicreg.ts";
import { withoutGradient } from "./without-gradient.ts";

await startEngine({ threads: 1 });

const ones = (n: number) => tf.ones<tf.Rank.R2>([n, 3]);

describe("decoupled ntXent", (test) => {
  test("is log(2n - 2) where all embeddings are one: the partner is not in the sum", () =>
    tf.tidy(() => assertClose(ntXent(ones(5), ones(5), 0.5, undefined, { decoupled: true }).dataSync(), [Math.log(8)], { atol: 1e-5 })));
  test("only attracts where the whole batch is one group", () =>
    tf.tidy(() => {
      const groups = tf.tensor1d([1, 1], "int32");
      assertClose(ntXent(ones(2), ones(2), 0.5, groups, { decoupled: true }).dataSync(), [-2], { atol: 1e-5 }); // -cos/t
    }));
});

describe("byolLoss and simsiamLoss", (test) => {
  test("are at their least where predictions point at targets, and at their most where they point away", () =>
    tf.tidy(() => {
      const [x, y] = [ones(2), tf.neg<tf.Tensor2D>(ones(2))];
      const values = [x, y].map((z) => {
        const pairs = { predictions: [x, x], targets: [z, z] } as const;
        return [byolLoss(pairs).dataSync()[0], simsiamLoss(pairs).dataSync()[0]];
      });
      assertClose(values.flat(), [0, -1, 8, 1], { atol: 1e-5 });
    }));
});

describe("supCon", (test) => {
  test("is ntXent where each label is one image's two views", () =>
    tf.tidy(() => {
      const [a, b] = [tf.tensor2d([1, 2, 0, 3, -1, 1], [3, 2]), tf.tensor2d([0, 1, 2, 2, 1, -1], [3, 2])];
      const labels = tf.tensor1d([0, 1, 2, 0, 1, 2], "int32");
      assertClose(supCon(tf.concat([a, b]), labels, 0.3).dataSync(), ntXent(a, b, 0.3).dataSync(), { rtol: 1e-5 });
    }));
  test("is 0 where nobody has a partner", () =>
    tf.tidy(() => assertClose(supCon(ones(3), tf.tensor1d([0, 1, 2], "int32"), 0.3).dataSync(), [0], {})));
  test("names a wrong number of labels", () =>
    tf.tidy(() => assert.throws(() => supCon(ones(3), tf.tensor1d([0], "int32"), 1), /supCon: labels must be \[3\], got \[1\]/)));
});

describe("barlowTwins", (test) => {
  test("is (nearly) 0 for equal views with uncorrelated features, and λ·d(d-1) where all features are one", () =>
    tf.tidy(() => {
      const orthogonal = tf.tensor2d([1, 1, 1, -1, -1, 1, -1, -1], [4, 2]);
      assertClose(barlowTwins(orthogonal, orthogonal, 0.005).dataSync(), [0], { atol: 1e-8 });
      const copies = tf.tile(tf.tensor2d([1, -1, 1, -1], [4, 1]), [1, 3]);
      assertClose(barlowTwins(copies, copies, 0.005).dataSync(), [0.03], { rtol: 1e-3 });
    }));
});

describe("vicregTerms", (test) => {
  test("has a variance term of 1 - √1e-4 for a collapsed batch, and no other term", () =>
    tf.tidy(() => {
      const { invariance, variance, covariance } = vicregTerms(ones(4), ones(4));
      assertClose(
        [invariance, variance, covariance].map((term) => term.dataSync()[0]),
        [0, 0.99, 0],
        { atol: 1e-6 },
      );
    }));
  test("names a batch of one", () =>
    tf.tidy(() => assert.throws(() => vicregTerms(ones(1), ones(1)), /vicreg: a batch must hold 2 images/)));
});

describe("withoutGradient", (test) => {
  test("makes a constant: d/dx of x·stop(x²) is x²", () =>
    tf.tidy(() => {
      const grad = tf.grad((x) =>
        tf.sum(
          tf.mul(
            x,
            withoutGradient(() => tf.square(x)),
          ),
        ),
      )(tf.tensor1d(range(4)));
      assertClose(grad.dataSync(), [0, 1, 4, 9], {});
    }));
  test("keeps what it computed, and nothing else", () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([2]);
    const result = withoutGradient(() => tf.square(tf.square(x)));
    assertClose(result.dataSync(), [16], {});
    tf.dispose([x, result]);
    assert.is(tf.memory().numTensors, before);
  });
});
