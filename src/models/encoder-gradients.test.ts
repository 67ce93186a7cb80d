/** @file Gradients of encoders, of first and second order and recorded; one encoder for each kind of block. */
import * as assert from "uvu/assert";
import type { EncoderConfig } from "../config/encoder.ts";
import { compile } from "../engine/graph/compile.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { features, images, score, startOf, unitStatistics } from "../testing/encoders.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { sizeOf } from "./network.ts";
import { encoderStatistics, fixedMode } from "./norm-statistics.ts";
import { encoderOf } from "./registry.ts";

await startEngine({ threads: 1 });

/**
 * Parameters that keep rectifiers away from their corners, by norms' offsets of ±4, or of 3 between the corners at 0 and 6: at a corner a
 * gradient jumps, and no difference equals a derivative.
 */
function smoothStart(config: EncoderConfig): Float32Array {
  const flat = startOf(config, 0.1);
  const middle = config.name === "efficientnet-lite0" ? 3 : 4;
  let at = 0;
  for (const spec of encoderOf(config).specs) {
    const end = at + sizeOf([spec]);
    if (spec.name.endsWith(".offset")) for (let i = at; i < end; i++) flat[i] += i % 2 ? middle : -4;
    at = end;
  }
  return flat;
}

/** Asserts that the gradient of `f` at `flat`, followed a little way, changes `f` as its length says. */
function assertSlope(f: (flat: tf.Tensor) => tf.Scalar, flat: tf.Tensor1D, h: number, rtol: number): void {
  const slope = tf.grad(f)(flat);
  const length = tf.norm(slope).dataSync()[0];
  assert.ok(Number.isFinite(length) && length > 0, `gradient of length ${length}`);
  const along = tf.div(slope, length);
  const at = (step: number) => f(tf.add(flat, tf.mul(along, step))).dataSync()[0];
  assertClose((at(h) - at(-h)) / (2 * h), length, { rtol });
}

for (const name of ["resnet10", "resnet50", "convnext-atto", "cnn", "efficientnet-lite0"] as const)
  describe(`gradient of encoder ${name}`, (test) => {
    const config: EncoderConfig = { name, width: 4, outputStride: 8 };
    const encoder = encoderOf(config);

    test("sends a gradient to every parameter", () => {
      const grad = tf.tidy(() =>
        tf
          .grad((flat) => score(features(config, flat, images(4))))(tf.tensor1d(startOf(config, 0.1)))
          .dataSync(),
      );
      let at = 0;
      for (const spec of encoder.specs) {
        const part = grad.subarray(at, (at += sizeOf([spec])));
        assert.ok(part.some((value) => value !== 0) && part.every(Number.isFinite), spec.name);
      }
      assert.is(grad.length, at);
    });

    test("centres what a cell of the map sees on that cell: saliency lies where its pixels are", () => {
      for (const outputStride of [8, 16] as const) {
        const other: EncoderConfig = { ...config, width: 8, outputStride };
        const side = 5 * outputStride; // the middle cell has the middle of the image, and its view is cut off alike on all sides
        const slope = tf.tidy(() => {
          const { mode } = fixedMode(unitStatistics(other));
          const seen = (x: tf.Tensor) =>
            score(tf.slice(features(other, tf.tensor1d(startOf(other)), x, mode), [0, 2, 2, 0], [-1, 1, 1, -1]));
          return tf.grad(seen)(images(8, side)).abs().sum(0).dataSync(); // [side, side, 1]
        });
        const sums = { weight: 0, y: 0, x: 0 };
        slope.forEach((weight, i) => {
          sums.weight += weight;
          sums.y += weight * (Math.floor(i / side) + 0.5);
          sums.x += weight * ((i % side) + 0.5);
        });
        assertClose(
          [sums.y / sums.weight, sums.x / sums.weight],
          [side / 2, side / 2],
          { atol: outputStride / 8 },
          `stride ${outputStride}, pixels`,
        );
      }
    });

    test("has the gradient of a finite difference, in training", () => {
      // fifty norms of a batch bend the loss within 1e-3
      const { side, h } = name === "efficientnet-lite0" ? { side: 32, h: 1e-4 } : { side: 16, h: 1e-3 };
      tf.tidy(() => assertSlope((flat) => score(features(config, flat, images(4, side))), tf.tensor1d(startOf(config, 0.1)), h, 2e-2));
    });

    test("lets a gradient be differentiated: slope of |∂score/∂x|² in the parameters equals a finite difference", () => {
      tf.tidy(() => {
        const start = smoothStart(config);
        const { mode } = fixedMode(encoderStatistics(encoder, start, [images(4)]));
        const penalty = (flat: tf.Tensor) =>
          tf.sum(tf.square(tf.grad((x) => score(features(config, flat, x, mode)))(images(1)))).asScalar();
        assertSlope(penalty, tf.tensor1d(start), 1e-3, 2e-2);
      });
    });

    test("lets the gradient of a training batch by its images be differentiated too", () => {
      tf.tidy(() => {
        const flat = tf.tensor1d(startOf(config, 0.1));
        const slope = (x: tf.Tensor) => tf.sum(tf.square(tf.grad((y) => score(features(config, flat, y)))(x))).asScalar();
        const second = tf.grad(slope)(images(2)).dataSync();
        assert.ok(second.every(Number.isFinite) && second.some((value) => value !== 0));
      });
    });

    test("can be recorded and replayed, with its gradient, on images that the record did not see", () => {
      const flat = tf.tensor1d(startOf(config, 0.1));
      const step = (p: tf.Tensor, x: tf.Tensor) => {
        const { value, grad } = tf.valueAndGrad((q) => score(features(config, q, x)))(p);
        return [value, grad];
      };
      const [seen, unseen] = [tf.tidy(() => tf.sub(1, images(2))), images(2)];
      const compiled = compile(step, [flat, seen]);
      assert.is(compiled.mode, "graph", compiled.reason);
      const [replayed, eager] = [compiled.run([flat, unseen]), tf.tidy(() => step(flat, unseen))];
      for (const i of [0, 1]) assertClose(replayed[i].dataSync(), eager[i].dataSync(), { rtol: 1e-3, atol: 1e-4 }, `output ${i}`);
      compiled.dispose();
      tf.dispose([flat, seen, unseen, replayed, eager]);
    });

    test("leaves no tensors behind", async () => {
      const flat = tf.tensor1d(startOf(config));
      const x = images(2);
      await expectNoLeak(() => tf.tidy(() => void tf.grad((p) => score(features(config, p, x)))(flat)));
      tf.dispose([flat, x]);
    });
  });
