/** @file Encoders: shapes, counts that can be worked out by hand, gradients, statistics modes. */
import * as assert from "uvu/assert";
import type { EncoderConfig } from "../config/encoder.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { rngOf } from "../util/rng.ts";
import { describeEncoder } from "./describe.ts";
import { pooled } from "./encoder.ts";
import { initialise, sizeOf, unflatten, type NormMode } from "./network.ts";
import { fixedMode } from "./norm-statistics.ts";
import { encoderOf } from "./registry.ts";

await startEngine({ threads: 1 });

const BATCH: NormMode = { kind: "batch" };
const small: EncoderConfig = { name: "resnet10", width: 4, outputStride: 8 };
const images = (n: number, side = 16) => tf.randomUniform([n, side, side, 1], 0, 1, "float32", 5) as tf.Tensor4D;

/** Initial parameters; `jitter` adds noise, so that norms that start at scale 0 pass something on. */
function start(config: EncoderConfig, jitter = 0): Float32Array {
  const flat = initialise(encoderOf(config).specs, (name) => rngOf(3, name));
  const rng = rngOf(4, "jitter");
  return flat.map((value) => value + jitter * rng.normal());
}

const features = (config: EncoderConfig, flat: tf.Tensor1D, x: tf.Tensor4D, mode: NormMode = BATCH) =>
  encoderOf(config).featureMap(unflatten(flat, encoderOf(config).specs), x, mode);

/** Unit statistics for every norm. */
const unitMode = (config: EncoderConfig) =>
  fixedMode(
    new Map(
      encoderOf(config).norms.map(({ name, channels }) => [
        name,
        { mean: new Float32Array(channels), variance: new Float32Array(channels).fill(1) },
      ]),
    ),
  );

describe("resnet", (test) => {
  test("has the output stride that the config asks for, odd sides rounded up", () => {
    for (const outputStride of [8, 16, 32] as const)
      for (const side of [64, 33]) {
        const config: EncoderConfig = { name: "resnet10", width: 4, outputStride };
        const shape = tf.tidy(() => features(config, tf.tensor1d(start(config)), images(2, side)).shape);
        const grid = Math.ceil(side / outputStride);
        assert.equal(shape, [2, grid, grid, 32]);
        assert.is(describeEncoder(encoderOf(config), side).grid, grid);
      }
  });

  test("ResNet-18 at width 64 has torchvision's 11 176 512 parameters, less the 7 × 7 stem, plus our 3 × 3 one and one shortcut more", () => {
    const torchvision = 11_689_512 - 513_000 - 3 * 7 * 7 * 64; // without its classifier and its RGB stem
    const shortcut = 64 * 64 + 2 * 64; // of the first stage, which has no max pool before it
    assert.is(sizeOf(encoderOf({ name: "resnet18", width: 64, outputStride: 32 }).specs), torchvision + shortcut + 3 * 3 * 64);
  });

  test("costs what its convolutions sum to by hand", () => {
    // width 4, 16 px, stride 8: stem 8², stage 1 at 4², later stages at 2²; a block is first + second + shortcut
    const stem = 9 * 1 * 4 * 64;
    const stages =
      16 * (9 * 4 * 4 * 2 + 4 * 4) +
      4 * (9 * 4 * 8 + 9 * 8 * 8 + 4 * 8 + 9 * 8 * 16 + 9 * 16 * 16 + 8 * 16 + 9 * 16 * 32 + 9 * 32 * 32 + 16 * 32);
    assert.is(describeEncoder(encoderOf(small), 16).flops, 2 * (stem + stages));
  });

  test("starts every block as its shortcut: kernels of a residual branch change nothing yet", () => {
    tf.tidy(() => {
      const specs = encoderOf(small).specs;
      const before = start(small);
      const after = Float32Array.from(before);
      let at = 0;
      for (const spec of specs) {
        const length = spec.shape.reduce((a, b) => a * b, 1);
        if (/\.(first|second)\.kernel$/.test(spec.name)) after.fill(0.5, at, at + length);
        at += length;
      }
      const map = (flat: Float32Array) => features(small, tf.tensor1d(flat), images(2)).dataSync();
      assert.not.equal(before, after);
      assert.equal(map(before), map(after));
    });
  });

  test("centres what a cell of the map sees on that cell: saliency lies where its pixels are", () => {
    const side = 64;
    for (const outputStride of [8, 16] as const) {
      const config: EncoderConfig = { name: "resnet10", width: 8, outputStride };
      const cell = side / outputStride / 2; // the map's middle, right and below of the image's
      const sums = { weight: 0, y: 0, x: 0 };
      const slope = tf.tidy(() => {
        const { mode } = unitMode(config);
        const seen = (x: tf.Tensor) =>
          tf.sum(tf.slice(features(config, tf.tensor1d(start(config)), x as tf.Tensor4D, mode), [0, cell, cell, 0], [-1, 1, 1, -1]));
        return tf
          .grad((x) => seen(x) as tf.Scalar)(images(8, side))
          .abs()
          .sum(0)
          .dataSync(); // [side, side, 1]
      });
      slope.forEach((weight, i) => {
        sums.weight += weight;
        sums.y += weight * (Math.floor(i / side) + 0.5);
        sums.x += weight * ((i % side) + 0.5);
      });
      const centre = (cell + 0.5) * outputStride;
      assertClose([sums.y / sums.weight, sums.x / sums.weight], [centre, centre], { atol: 1 }, `stride ${outputStride}, pixels`); // strided shortcuts: 2.4 and 6.4 off
    }
  });

  test("decays kernels only", () => {
    for (const { name, decay } of encoderOf(small).specs) assert.is(decay, name.endsWith(".kernel"), name);
  });

  test("sends a gradient to every parameter", () => {
    const { specs } = encoderOf(small);
    const grad = tf.tidy(() => {
      const f = (flat: tf.Tensor) => tf.sum(tf.square(features(small, flat as tf.Tensor1D, images(4)))) as tf.Scalar;
      return tf
        .grad(f)(tf.tensor1d(start(small, 0.1)))
        .dataSync();
    });
    assert.is(grad.length, sizeOf(specs));
    let at = 0;
    for (const { name, shape } of specs) {
      const part = grad.subarray(at, (at += shape.reduce((a, b) => a * b, 1)));
      assert.ok(part.some((value) => value !== 0) && part.every(Number.isFinite), name);
    }
  });

  test("lets a gradient be differentiated: slope of |∂score/∂x|² in the parameters equals a finite difference", () => {
    tf.tidy(() => {
      const { mode } = unitMode(small);
      const penalty = (flat: tf.Tensor) => {
        const score = (x: tf.Tensor) => tf.sum(tf.square(features(small, flat as tf.Tensor1D, x as tf.Tensor4D, mode))) as tf.Scalar;
        return tf.sum(tf.square(tf.grad(score)(images(1)))) as tf.Scalar;
      };
      const flat = tf.tensor1d(start(small, 0.1));
      const slope = tf.grad(penalty)(flat);
      const h = 1e-3;
      const along = tf.div(slope, tf.norm(slope));
      const at = (step: number) => penalty(tf.add(flat, tf.mul(along, step))).dataSync()[0];
      assertClose((at(h) - at(-h)) / (2 * h), tf.norm(slope).dataSync()[0], { rtol: 2e-2 });
    });
  });

  test("in fixed mode, an image's features do not depend on its neighbours", () => {
    tf.tidy(() => {
      const { mode } = unitMode(small);
      const flat = tf.tensor1d(start(small, 0.1));
      const all = features(small, flat, images(3), mode);
      const one = features(small, flat, tf.slice(images(3), 1, 1), mode);
      assertClose(one.dataSync(), tf.slice(all, 1, 1).dataSync(), { atol: 1e-5, rtol: 1e-5 });
    });
  });

  test("tells an observer of every norm once, in order", () => {
    const seen: string[] = [];
    tf.tidy(() => void features(small, tf.tensor1d(start(small)), images(2), { kind: "batch", observe: (name) => seen.push(name) }));
    assert.equal(
      seen,
      encoderOf(small).norms.map(({ name }) => name),
    );
  });

  test("names the norm whose statistics are missing", () => {
    assert.throws(
      () => tf.tidy(() => void features(small, tf.tensor1d(start(small)), images(2), { kind: "fixed", statistics: new Map() })),
      /norm: no statistics are called "stem.norm"/,
    );
  });

  test("leaves no tensors behind, forward and backward", async () => {
    const flat = tf.tensor1d(start(small));
    const x = images(2);
    await expectNoLeak(() => tf.tidy(() => void features(small, flat, x)));
    await expectNoLeak(() => tf.tidy(() => void tf.grad((p) => tf.sum(features(small, p as tf.Tensor1D, x)) as tf.Scalar)(flat)));
    tf.dispose([flat, x]);
  });
});

describe("pooled", (test) => {
  test("is the mean over rows and columns", () => {
    assertClose(
      tf.tidy(() => pooled(tf.tensor4d([1, 10, 2, 20, 3, 30, 6, 40], [1, 2, 2, 2])).dataSync()),
      [3, 25],
      {},
    );
  });
});
