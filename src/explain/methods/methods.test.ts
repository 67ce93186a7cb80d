/** @file Tests of attribution methods against Captum's values on small networks, and against their axioms. */
import { readFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { startEngine } from "../../engine/start.ts";
import { tf } from "../../engine/tf.ts";
import { assertClose, type Tolerance } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { linearClassifier, toyClassifier, type ToyOptions, type ToyWeights } from "../../testing/toy-classifier.ts";
import { range, rngOf } from "../../util/rng.ts";
import type { Attribution } from "../classifier.ts";
import { attribute, attributionMethods } from "../registry.ts";
import { gradCam } from "./grad-cam.ts";
import { integratedGradients } from "./integrated-gradients.ts";

await startEngine({ threads: 1 });

interface Case {
  name: string;
  inputs: { x?: number[][][]; weights?: ToyWeights; same_as?: string };
  params: Record<string, number | string>;
  expected: Record<string, number | number[] | number[][] | number[][][]>;
  tolerance: { f32: Tolerance };
}
const { cases } = JSON.parse(readFileSync(new URL("../fixtures/attribution.json", import.meta.url), "utf8")) as { cases: Case[] };
const named = (name: string): Case => cases.find((c) => c.name === name)!;
const nets = ["netA_valid12", "netB_same8"];

function net(name: string, layer: ToyOptions["layer"] = "relu2_output", options: Partial<ToyOptions> = {}) {
  const { inputs, params } = named(`forward/${name}`);
  const classifier = toyClassifier(inputs.weights!, {
    size: params.h as number,
    stride1: params.stride1 as 1 | 2,
    padding: params.pad1 === "SAME" ? "same" : "valid",
    target: params.target as number,
    layer,
    ...options,
  });
  return { classifier, x: tf.tensor4d([inputs.x!]) };
}
const ig = (steps: number, baseline: "zero" | "mean" = "zero") => ({ name: "integrated-gradients", steps, baseline, cells: 16 }) as const;

/** Three images with values in 0–1. */
function images(size: number): tf.Tensor4D {
  const rng = rngOf(3, "images");
  return tf.tensor4d(
    Float32Array.from({ length: 3 * size * size }, () => rng.next()),
    [3, size, size, 1],
  );
}

describe("toyClassifier", (test) => {
  for (const name of nets)
    test(`has the golden logits of ${name}`, () => {
      for (const target of [0, 1]) {
        const { classifier, x } = net(name, "conv2_pre_relu", { target });
        const score = classifier.scoreOfMap(classifier.featureMap(x)).dataSync();
        assertClose(score, [(named(`forward/${name}`).expected.logits as number[])[target]], named(`forward/${name}`).tolerance.f32);
      }
    });
});

describe("gradCam", (test) => {
  for (const name of nets)
    for (const layer of ["conv2_pre_relu", "relu2_output"] as const)
      test(`equals Captum's raw map on ${name}, layer ${layer}`, () => {
        const { classifier, x } = net(name, layer);
        const { expected, tolerance } = named(`cam/${name}/${layer}`);
        assertClose(gradCam(classifier, x, { name: "grad-cam" }).values, expected.gradcam_raw, tolerance.f32);
      });

  test("sums to the score without its bias where the map goes through a mean and a linear layer", () => {
    const { classifier, x } = net("netB_same8");
    const bias = named("forward/netB_same8").inputs.weights!.dense_bias[1];
    const { values } = gradCam(classifier, x, { name: "grad-cam" });
    const score = classifier.scoreOfMap(classifier.featureMap(x)).dataSync()[0];
    assertClose(
      values.reduce((a, b) => a + b, 0),
      score - bias,
      { rtol: 1e-4 },
    );
  });
});

describe("integratedGradients", (test) => {
  for (const name of nets)
    for (const baseline of ["zero", "mean"] as const)
      test(`equals the float64 values on ${name} from the ${baseline} baseline`, () => {
        const { classifier, x } = net(name);
        const { expected, tolerance } = named(`integrated_gradients/${name}/${baseline}`);
        const { values, delta } = integratedGradients(classifier, x, ig(50, baseline));
        assertClose(values, expected.gausslegendre, tolerance.f32);
        assertClose(delta!, [expected.gausslegendre_convergence_delta], { atol: 1e-5 });
      });

  test("meets the change of the score within 1e-3 of it, and better with more steps than with two", () => {
    for (const name of nets) {
      const { expected } = named(`integrated_gradients/${name}/zero`);
      const { classifier, x } = net(name);
      const change = Math.abs((expected.f_input as number) - (expected.f_baseline as number));
      const error = (steps: number) => Math.abs(integratedGradients(classifier, x, ig(steps)).delta![0]);
      assert.ok(error(200) < 1e-3 * change, `${name}: ${error(200)} of ${change}`);
      assert.ok(error(200) < error(2), name);
    }
  });

  test("gives the same map whether the path goes through in pieces or at once", () => {
    const { classifier } = net("netB_same8");
    const x = images(8);
    const whole = integratedGradients(classifier, x, ig(10), 1000);
    for (const batch of [1, 7, 10, 30]) {
      const pieces = integratedGradients(classifier, x, ig(10), batch);
      assertClose(pieces.values, whole.values, { atol: 1e-7, rtol: 1e-5 }, `batch ${batch}`);
    }
  });

  test("leaves a constant image unexplained from its own mean", () => {
    const { classifier } = net("netB_same8");
    const { values, delta } = integratedGradients(classifier, tf.fill([1, 8, 8, 1], 0.5), ig(4, "mean"));
    assertClose(values, new Float32Array(64), { atol: 1e-7 });
    assertClose(delta!, [0], { atol: 1e-6 });
  });
});

describe("every attribution method", (test) => {
  const configs = [{ name: "grad-cam" }, ig(6), ig(6, "mean")] as const;
  const run = (classifier: Parameters<typeof gradCam>[0], x: tf.Tensor4D, config: (typeof configs)[number]): Attribution =>
    attribute(classifier, x, config);

  test("is in the registry under its schema's name", () => {
    assert.equal(Object.keys(attributionMethods).sort(), [...new Set(configs.map((config) => config.name))].sort());
  });

  test("explains each image by itself: a batch equals its images one by one", () => {
    const { classifier } = net("netB_same8");
    const x = images(8);
    for (const config of configs) {
      const batch = run(classifier, x, config);
      const cells = batch.rows * batch.columns;
      for (const i of range(3)) {
        const alone = run(classifier, x.slice([i, 0, 0, 0], [1, 8, 8, 1]), config);
        assertClose(
          alone.values,
          batch.values.subarray(i * cells, (i + 1) * cells),
          { atol: 1e-6, rtol: 1e-4 },
          `${config.name} image ${i}`,
        );
      }
    }
  });

  test("leaves no tensor behind", () => {
    const { classifier } = net("netB_same8");
    const x = images(8);
    for (const config of configs) {
      run(classifier, x, config);
      const before = tf.memory().numTensors;
      run(classifier, x, config);
      assert.is(tf.memory().numTensors, before, config.name);
    }
  });
});

describe("integratedGradients on a linear score", (test) => {
  test("is w·(x - baseline) whatever the number of steps", () => {
    const rng = rngOf(1, "weights");
    const w = Float32Array.from({ length: 64 }, () => rng.normal());
    const classifier = linearClassifier(w, 8, 0.7);
    const x = images(8);
    const pixels = x.dataSync<"float32">();
    for (const steps of [2, 9]) {
      const zero = integratedGradients(classifier, x, ig(steps));
      assertClose(
        zero.values,
        pixels.map((value, i) => value * w[i % 64]),
        { atol: 1e-6, rtol: 1e-5 },
      );
      const mean = integratedGradients(classifier, x, ig(steps, "mean"));
      const means = range(3).map((i) => pixels.subarray(i * 64, (i + 1) * 64).reduce((a, b) => a + b, 0) / 64);
      assertClose(
        mean.values,
        pixels.map((value, i) => (value - means[Math.floor(i / 64)]) * w[i % 64]),
        { atol: 1e-5, rtol: 1e-5 },
      );
      assertClose(mean.delta!, [0, 0, 0], { atol: 1e-4 });
    }
  });
});
