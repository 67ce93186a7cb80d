/**
 * @file Losses against golden values: lightly 1.5.26 and numpy loops in float64, gradients by central differences. Tolerances are those of
 * the golden file for float32 (rtol 1e-4, atol 3e-6): a float32 run was within 1.1e-5 of float64 for every loss.
 */
import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, type Tolerance } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { barlowTwins, crossCorrelation } from "./barlow-twins.ts";
import { byolLoss, negativeCosine, simsiamLoss } from "./negative-cosine.ts";
import { ntXent } from "./nt-xent.ts";
import { sinkhorn } from "./sinkhorn.ts";
import { supCon } from "./sup-con.ts";
import { swav } from "./swav.ts";
import { vicreg, vicregTerms } from "./vicreg.ts";

await startEngine({ threads: 1 });

type Matrix = number[][];
interface Golden {
  name: string;
  inputs: Record<string, Matrix> & { labels: number[]; high: Matrix[]; low: Matrix[] };
  params: Record<string, number> & { reduction?: "sum" | "mean" };
  expected: Record<string, unknown>;
  tolerance: { f32: Tolerance };
}
const golden = JSON.parse(readFileSync(new URL("fixtures/golden.json", import.meta.url), "utf8")) as Golden[];

/** What is differentiated, and the loss of it. */
interface Problem {
  xs: Matrix[];
  loss(...xs: tf.Tensor2D[]): tf.Scalar;
  /** names of the gradients in the golden case, in the order of xs */
  grads: string[];
  /** more values that the case holds */
  also?: Record<string, (...xs: tf.Tensor2D[]) => tf.Tensor>;
}

const siamese =
  (loss: typeof byolLoss) =>
  (p0: tf.Tensor2D, p1: tf.Tensor2D, z0: tf.Tensor2D, z1: tf.Tensor2D): tf.Scalar =>
    // 0·z puts the targets on the tape, so that their gradient is a zero and not an error
    tf.add(loss({ predictions: [p0, p1], targets: [z0, z1] }), tf.mul(0, tf.sum(tf.add(z0, z1))));

const VIEWS = ["grad_z0", "grad_z1"];
const problems: Record<string, (golden: Golden) => Problem> = {
  dcl: ({ inputs, params }) => ({
    xs: [inputs.z0, inputs.z1],
    loss: (a, b) => ntXent(a, b, params.temperature, undefined, { decoupled: true }),
    grads: VIEWS,
  }),
  dclw: ({ inputs, params }) => ({
    xs: [inputs.z0, inputs.z1],
    loss: (a, b) => ntXent(a, b, params.temperature, undefined, { decoupled: true, sigma: params.sigma }),
    grads: VIEWS,
  }),
  supcon_out: ({ inputs, params }) => ({
    xs: [inputs.z],
    loss: (z) => supCon(z, tf.tensor1d(inputs.labels, "int32"), params.temperature),
    grads: ["grad_z"],
  }),
  negative_cosine: ({ inputs }) => ({ xs: [inputs.x0, inputs.x1], loss: negativeCosine, grads: ["grad_x0", "grad_x1"] }),
  simsiam_byol_symmetric_negcos: ({ inputs, params }) => ({
    xs: [inputs.p0, inputs.p1, inputs.z0, inputs.z1],
    loss: siamese((pairs) => tf.mul(simsiamLoss(pairs), params.reduction === "sum" ? 2 : 1)),
    grads: ["grad_p0", "grad_p1", ...VIEWS],
  }),
  byol_regression: ({ inputs, params }) => ({
    xs: [inputs.p0, inputs.p1, inputs.z0, inputs.z1],
    loss: siamese((pairs) => tf.mul(byolLoss(pairs), params.reduction === "sum" ? 1 : 0.5)),
    grads: ["grad_p0", "grad_p1"],
  }),
  swav: ({ inputs, params }) => ({
    xs: [...inputs.high, ...inputs.low],
    loss: (...crops) => swav({ high: crops.slice(0, inputs.high.length), low: crops.slice(inputs.high.length) }, assignment(params)),
    grads: [],
    also: { codes: (...crops) => tf.stack(crops.slice(0, inputs.high.length).map((scores) => sinkhorn(scores, assignment(params)))) },
  }),
  barlow_twins: ({ inputs, params }) => ({
    xs: [inputs.z0, inputs.z1],
    loss: (a, b) => barlowTwins(a, b, params.lambda),
    grads: VIEWS,
    also: { cross_correlation: crossCorrelation },
  }),
  vicreg: ({ inputs, params }) => ({
    xs: [inputs.z0, inputs.z1],
    loss: (a, b) => vicreg(a, b, { invariance: params.lambda, variance: params.mu, covariance: params.nu }),
    grads: VIEWS,
    also: Object.fromEntries(
      (["invariance", "variance", "covariance"] as const).flatMap((term) => [
        [term, (a: tf.Tensor2D, b: tf.Tensor2D) => vicregTerms(a, b)[term]],
        [`grad_${term}_z0`, (a: tf.Tensor2D, b: tf.Tensor2D) => tf.grad((x) => vicregTerms(x as tf.Tensor2D, b)[term])(a)],
      ]),
    ),
  }),
};
const assignment = ({ temperature, epsilon, iterations }: Record<string, number>) => ({ temperature, epsilon, iterations });

describe("golden losses", (test) => {
  for (const one of golden) {
    const { expected, tolerance } = one;
    test(one.name, () => {
      const { xs, loss, grads, also = {} } = problems[one.name.split("/")[0]](one);
      tf.tidy(() => {
        const tensors = xs.map((x) => tf.tensor2d(x));
        const result = tf.valueAndGrads((...inputs) => loss(...(inputs as tf.Tensor2D[])))(tensors);
        assertClose(result.value.dataSync(), [expected.loss], tolerance.f32, "loss");
        const wanted = expected.grads ? (expected.grads as unknown[]) : grads.map((name) => expected[name]);
        assert.ok(wanted.length > 0 && wanted.every(Array.isArray), "gradients of the case");
        wanted.forEach((values, i) => assertClose(result.grads[i].dataSync(), values as unknown[], tolerance.f32, `gradient ${i}`));
        for (const [name, value] of Object.entries(also))
          assertClose(value(...tensors).dataSync(), [expected[name]].flat(9), tolerance.f32, name);
      });
    });
  }
});
