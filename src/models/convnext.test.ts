/** @file What only ConvNeXt has: its published size, layer norm, GELU, layer scale. */
import * as assert from "uvu/assert";
import type { EncoderConfig } from "../config/encoder.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { features, images, startOf } from "../testing/encoders.ts";
import { assertGradient } from "../testing/finite-difference.ts";
import { describeEncoder } from "./describe.ts";
import { gelu, layerNorm } from "./layers.ts";
import { sizeOf } from "./network.ts";
import { encoderOf } from "./registry.ts";

await startEngine({ threads: 1 });

describe("convnext", (test) => {
  const tiny = encoderOf({ name: "convnext-tiny", width: 96, outputStride: 32 });
  const classifier = 768 * 1000 + 1000;
  const colours = 4 * 4 * 2 * 96; // the two channels of the stem that grey images lack

  test("has torchvision's 28 589 128 parameters at width 96 and stride 32, less its classifier and two input channels", () => {
    assert.is(sizeOf(tiny.specs), 28_589_128 - classifier - colours);
  });

  test("costs what a naive sum over the blocks of Tiny says", () => {
    let multiplyAdds = 16 * 96 * 56 ** 2;
    [3, 3, 9, 3].forEach((blocks, stage) => {
      const [c, cells] = [96 << stage, (56 >> stage) ** 2];
      multiplyAdds += blocks * cells * (49 * c + 2 * 4 * c * c) + (stage > 0 ? cells * 4 * (c / 2) * c : 0);
    });
    assert.is(describeEncoder(tiny, 224).flops, 2 * multiplyAdds);
  });

  test("starts near its shortcuts: the kernels of a block hardly matter yet", () => {
    const config: EncoderConfig = { name: "convnext-atto", width: 4, outputStride: 8 };
    tf.tidy(() => {
      const flat = startOf(config);
      const other = Float32Array.from(flat);
      let at = 0;
      for (const spec of encoderOf(config).specs) {
        const end = at + sizeOf([spec]);
        if (/\.block\d+\.\w+\.kernel$/.test(spec.name)) other.subarray(at, end).reverse();
        at = end;
      }
      const map = (values: Float32Array) => features(config, tf.tensor1d(values), images(2)).dataSync();
      assert.not.equal(flat, other);
      assertClose(map(flat), map(other), { atol: 1e-3 });
    });
  });
});

describe("layerNorm", (test) => {
  const params = new Map([
    ["n.scale", tf.tensor1d([1, 2, 3])],
    ["n.offset", tf.tensor1d([0, 10, 20])],
  ]);
  const x = tf.tensor4d([1, 2, 3, -4, 0, 10], [1, 1, 2, 3]);
  const norm = (input: tf.Tensor) => layerNorm(params, { name: "n", channels: 3 }, input as tf.Tensor4D);

  test("takes mean and biased variance over the channels of each cell", () => {
    const expected = [
      [1, 2, 3],
      [-4, 0, 10],
    ].map((cell) => {
      const mean = cell.reduce((a, b) => a + b) / 3;
      const deviation = Math.sqrt(cell.reduce((a, b) => a + (b - mean) ** 2, 0) / 3 + 1e-6);
      return cell.map((value, c) => ((value - mean) / deviation) * (c + 1) + 10 * c);
    });
    assertClose(
      tf.tidy(() => norm(x).dataSync()),
      expected,
      { atol: 1e-5, rtol: 1e-5 },
    );
  });

  test("has the gradient of finite differences", () =>
    assertGradient((input) => tf.sum(tf.square(norm(input))).asScalar(), x, { atol: 0.05, rtol: 5e-3 }));
});

describe("gelu", (test) => {
  test("is x·Φ(x), by values of the normal distribution function", () => {
    const values = tf.tidy(() => gelu(tf.tensor1d([0, 1, -1, 2, -10])).dataSync());
    assertClose(values, [0, 0.8413447460685429, -0.15865525393145707, 2 * 0.9772498680518208, 0], { atol: 1e-6 });
  });

  test("has the gradient Φ(x) + x·φ(x), and its gradient (2 - x²)·φ(x)", () => {
    tf.tidy(() => {
      const at = tf.tensor1d([-1.5, 0, 0.5, 2]);
      const slope = (x: tf.Tensor) => tf.grad((y) => tf.sum(gelu(y)).asScalar())(x);
      const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
      const cumulative = [0.06680720126885807, 0.5, 0.6914624612740131, 0.9772498680518208];
      const points = Array.from(at.dataSync());
      assertClose(
        slope(at).dataSync(),
        points.map((x, i) => cumulative[i] + x * density(x)),
        { atol: 1e-6 },
      );
      assertClose(
        tf
          .grad((x) => tf.sum(slope(x)).asScalar())(at)
          .dataSync(),
        points.map((x) => (2 - x * x) * density(x)),
        { atol: 1e-6 },
      );
    });
  });
});
