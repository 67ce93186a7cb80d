/** @file What holds for every self-supervised loss: symmetries, finite values at the edge, the same numbers from a
 * recorded graph, no tensor left behind. */
import * as assert from "uvu/assert";
import { compile } from "../engine/graph/compile.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { range, rngOf, shuffle } from "../util/rng.ts";
import { barlowTwins } from "./barlow-twins.ts";
import { infoNce } from "./info-nce.ts";
import { byolLoss, negativeCosine, simsiamLoss } from "./negative-cosine.ts";
import { ntXent } from "./nt-xent.ts";
import { supCon } from "./sup-con.ts";
import { swav } from "./swav.ts";
import { vicreg } from "./vicreg.ts";

await startEngine({ threads: 1 });

type Loss = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Scalar;
const [N, D] = [6, 4];
const draw = (name: string, rows = N): tf.Tensor2D =>
  tf.tensor2d(
    range(rows * D).map(() => rngs[name].normal()),
    [rows, D],
  );
const rngs = Object.fromEntries(["a", "b", "queue"].map((name) => [name, rngOf(1, "losses.contract", name)]));
const queue = { keys: draw("queue", 9) }; // lives as long as the file
const assignment = { temperature: 0.5, epsilon: 0.5, iterations: 3 };

/** Each loss of two views; `scaled`: the length of a row does not matter; `symmetric`: neither does the order of views. */
const losses: Record<string, { loss: Loss; scaled?: boolean; symmetric?: boolean; stopped?: boolean }> = {
  "nt-xent": { loss: (a, b) => ntXent(a, b, 0.5), scaled: true, symmetric: true },
  dcl: { loss: (a, b) => ntXent(a, b, 0.5, undefined, { decoupled: true, sigma: 0.5 }), scaled: true, symmetric: true, stopped: true },
  "sup-con": {
    loss: (a, b) => supCon(tf.concat([a, b]), tf.tensor1d([...range(N), ...range(N)], "int32"), 0.5),
    scaled: true,
    symmetric: true,
  },
  "info-nce": { loss: (a, b) => infoNce(a, b, queue, 0.5), scaled: true },
  "negative-cosine": { loss: negativeCosine, scaled: true, symmetric: true },
  byol: { loss: (a, b) => byolLoss({ predictions: [a, b], targets: [a, b] }), scaled: true, symmetric: true, stopped: true },
  simsiam: { loss: (a, b) => simsiamLoss({ predictions: [a, b], targets: [a, b] }), scaled: true, symmetric: true, stopped: true },
  swav: { loss: (a, b) => swav({ high: [a, b] }, assignment), symmetric: true, stopped: true },
  "barlow-twins": { loss: (a, b) => barlowTwins(a, b, 0.05), symmetric: true },
  vicreg: { loss: (a, b) => vicreg(a, b, { invariance: 25, variance: 25, covariance: 1 }), symmetric: true },
};

for (const [name, { loss, scaled, symmetric, stopped }] of Object.entries(losses))
  describe(`loss ${name}`, (test) => {
    const value = (a: tf.Tensor2D, b: tf.Tensor2D): number => tf.tidy(() => loss(a, b).dataSync()[0]);
    const close = (actual: number, expected: number) => assertClose(actual, expected, { rtol: 2e-5, atol: 2e-6 }); // float32 sums of 12 rows

    test("does not depend on the order of images", () =>
      tf.tidy(() => {
        const [a, b] = [draw("a"), draw("b")];
        const order = tf.tensor1d([...shuffle(Int32Array.from(range(N)), rngOf(2, name))], "int32");
        close(value(tf.gather(a, order), tf.gather(b, order)), value(a, b));
      }));
    if (symmetric)
      test("does not depend on which view is first", () =>
        tf.tidy(() => {
          const [a, b] = [draw("a"), draw("b")];
          close(value(b, a), value(a, b));
        }));
    if (scaled)
      test("does not depend on the length of a row", () =>
        tf.tidy(() => {
          const [a, b] = [draw("a"), draw("b")];
          const lengths = tf.tensor2d([0.01, 0.3, 1, 2, 50, 1000], [N, 1]);
          close(value(tf.mul(a, lengths), tf.div(b, lengths)), value(a, b));
        }));
    if (!stopped)
      test("has the gradient of finite differences", () =>
        tf.tidy(() => {
          const b = draw("b");
          assertGradient((a) => loss(a as tf.Tensor2D, b), draw("a"), { atol: 5e-3, rtol: 5e-3 }); // h² of the differences
        }));
    test("is finite, as is its gradient, where all embeddings are one or zero", () =>
      tf.tidy(() => {
        for (const same of [tf.zeros<tf.Rank.R2>([N, D]), tf.ones<tf.Rank.R2>([N, D])]) {
          const result = tf.valueAndGrad((a) => loss(a as tf.Tensor2D, tf.mul(a as tf.Tensor2D, 1)))(same);
          const all = [...result.value.dataSync(), ...result.grad.dataSync()];
          assert.ok(all.every(Number.isFinite), all.join());
        }
      }));
    test("leaves no tensor behind, forward and backward", async () => {
      const [a, b] = [draw("a"), draw("b")];
      await expectNoLeak(() => tf.tidy(() => loss(a, b)).dispose());
      await expectNoLeak(() => tf.dispose(tf.grad((x) => tf.tidy(() => loss(x as tf.Tensor2D, b)))(a)));
      tf.dispose([a, b]);
    });
    test("names views of different shapes", () => {
      const [a, b] = [draw("a"), draw("b", N + 1)];
      assert.throws(() => tf.tidy(() => loss(a, b)), /\[6,4\] and \[7,4\]|must be \[13\]/);
      tf.dispose([a, b]);
    });
  });

describe("all losses", (test) => {
  test("are the same in a recorded graph, on a batch that it was not recorded on", () => {
    const batches = range(2).map(() => [draw("a"), draw("b")]);
    const step = (a: tf.Tensor, b: tf.Tensor): tf.Tensor[] =>
      Object.values(losses).flatMap(({ loss }) => {
        const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor2D, b as tf.Tensor2D))(a);
        return [value, grad];
      });
    tf.tidy(() => {
      const graph = compile(step, batches[0]);
      assert.is(graph.mode, "graph", graph.reason);
      const eager = step(batches[1][0], batches[1][1]);
      graph.run(batches[1]).forEach((tensor, i) => {
        const name = `${Object.keys(losses)[i >> 1]} ${i % 2 ? "gradient" : "value"}`;
        assertClose(tensor.dataSync(), eager[i].dataSync(), { rtol: 1e-4, atol: 1e-5 }, name); // sums in another order
      });
      graph.dispose();
    });
    tf.dispose(batches);
  });
});
