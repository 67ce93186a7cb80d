/** @file EfficientNet-Lite on weights from a formula against the authors' network in torch: fixtures/make.py made the numbers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { startEngine } from "../../engine/start.ts";
import { tf } from "../../engine/tf.ts";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import type { PlainTensor } from "../../util/safetensors.ts";
import { classifierNetwork } from "../classifier-network.ts";
import { sizeOf, unflatten, type NormMode } from "../network.ts";
import { fixedMode } from "../norm-statistics.ts";
import { formula, images, noise, seedOf } from "./fixtures/formula.ts";
import { fromTorch, torchShapes } from "./from-torch.ts";

await startEngine({ threads: 1 });

interface Narrow {
  fixed: number[];
  batch: number[];
  pixelGradient: number[];
  gradientLengths: Record<string, number>;
}
const torch = JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/narrow.json"), "utf8")) as Narrow;

/** Width 4; 33 px, so that strides meet odd and even sides: 33, 17, 9, 5, 3, 2. */
const network = classifierNetwork({ name: "efficientnet-lite0", width: 4, outputStride: 32 }, 10);
const tensors = new Map<string, PlainTensor>(
  [...torchShapes(network)].map(([name, shape]) => [name, { shape, data: formula(name, shape) }]),
);
const weights = fromTorch(network, tensors);
const grey = images(4, 33);
const logits = (flat: tf.Tensor, x: tf.Tensor, mode: NormMode) =>
  network.logits(unflatten(flat as tf.Tensor1D, network.specs), x as tf.Tensor4D, mode);

/** Float32 sums in another order differ by about 1e-6 of the numbers' size. */
const relative = (expected: readonly number[], share: number) => ({ atol: share * Math.max(...expected.map(Math.abs)) });

describe("EfficientNet-Lite of width 4 beside torch", (test) => {
  test("has the logits of grey images in three equal channels, with running statistics", () => {
    const { mode, dispose } = fixedMode(weights.statistics);
    const found = tf.tidy(() => logits(tf.tensor1d(weights.flat), grey, mode).dataSync());
    dispose();
    assertClose(found, torch.fixed, relative(torch.fixed, 1e-5));
  });

  test("has the logits of a training batch", () => {
    const found = tf.tidy(() => logits(tf.tensor1d(weights.flat), grey, { kind: "batch" }).dataSync());
    assertClose(found, torch.batch, relative(torch.batch, 1e-4)); // 16 cells a channel in the last norms: their variances divide
  });

  test("has the gradient of a training batch, by pixels and by every tensor", () => {
    const [byFlat, byPixel] = tf.tidy(() => {
      const share = tf.tensor2d(
        Float32Array.from(noise(40, seedOf("loss")), (u) => 2 * u - 1),
        [4, 10],
      );
      const loss = (flat: tf.Tensor, x: tf.Tensor) => tf.sum(tf.mul(logits(flat, x, { kind: "batch" }), share)).asScalar();
      return tf
        .grads(loss)([tf.tensor1d(weights.flat), grey])
        .map((gradient) => gradient.dataSync());
    });
    assertClose(byPixel.slice(0, 33 * 33), torch.pixelGradient, relative(torch.pixelGradient, 1e-3));
    const lengths = Object.values(torch.gradientLengths); // torch goes through a state dict in our order
    let at = 0;
    network.specs.forEach((spec, i) => {
      const part = byFlat.subarray(at, (at += sizeOf([spec])));
      assertClose(Math.hypot(...part), lengths[i], { rtol: 1e-3, atol: 1e-4 }, spec.name);
    });
    assert.is(lengths.length, network.specs.length);
  });

  test("is refused with a tensor missing, of another shape, or that it does not know", () => {
    const changed = (change: (copy: Map<string, PlainTensor>) => void) => {
      const copy = new Map(tensors);
      change(copy);
      return () => fromTorch(network, copy);
    };
    const one: PlainTensor = { shape: [1], data: new Float32Array(1) };
    assert.throws(changed((copy) => copy.delete("_bn0.bias")), /"_bn0\.bias" must be float32 \[8\], got nothing/); // prettier-ignore
    assert.throws(changed((copy) => copy.set("_fc.bias", one)), /"_fc\.bias" must be float32 \[10\], got \[1\]/); // prettier-ignore
    assert.throws(changed((copy) => copy.set("_se.weight", one)), /must be of EfficientNet-Lite, got "_se\.weight"/); // prettier-ignore
  });
});
