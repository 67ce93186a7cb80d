/** @file What only ResNets do: counts that can be worked out by hand, names, the start as shortcuts. encoders.test.ts has the rest. */
import * as assert from "uvu/assert";
import type { EncoderConfig } from "../config/encoder.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { rngOf } from "../util/rng.ts";
import { describeEncoder } from "./describe.ts";
import { pooled } from "./encoder.ts";
import { initialise, sizeOf, unflatten } from "./network.ts";
import { encoderOf } from "./registry.ts";

await startEngine({ threads: 1 });

const small: EncoderConfig = { name: "resnet10", width: 4, outputStride: 8 };
const images = (n: number, side = 16) => tf.randomUniform([n, side, side, 1], 0, 1, "float32", 5) as tf.Tensor4D;

const start = (config: EncoderConfig) => initialise(encoderOf(config).specs, (name) => rngOf(3, name));
const features = (config: EncoderConfig, flat: tf.Tensor1D, x: tf.Tensor4D) =>
  encoderOf(config).featureMap(unflatten(flat, encoderOf(config).specs), x, { kind: "batch" });

describe("resnet", (test) => {
  test("has torchvision's parameters, less classifier and 7 × 7 RGB stem, plus a 3 × 3 grey one and the shortcut that stands for the max pool", () => {
    const stems = 3 * 3 * 64 - 3 * 7 * 7 * 64;
    const shortcut = 64 * 64 + 2 * 64; // of the first stage; a bottleneck has one there anyway
    const parameters = (name: EncoderConfig["name"]) => sizeOf(encoderOf({ name, width: 64, outputStride: 32 }).specs);
    assert.is(parameters("resnet18"), 11_689_512 - (512 * 1000 + 1000) + stems + shortcut);
    assert.is(parameters("resnet34"), 21_797_672 - (512 * 1000 + 1000) + stems + shortcut);
    assert.is(parameters("resnet50"), 25_557_032 - (2048 * 1000 + 1000) + stems);
  });

  test("has torchvision's 1 814 073 344 multiply-adds at 224 pixels, with the same changes", () => {
    const stems = 112 ** 2 * (3 * 3 * 64 - 3 * 7 * 7 * 64);
    const shortcut = 56 ** 2 * 64 * 64;
    const { flops } = describeEncoder(encoderOf({ name: "resnet18", width: 64, outputStride: 32 }), 224);
    assert.is(flops, 2 * (1_814_073_344 - 512 * 1000 + stems + shortcut));
  });

  test("keeps the names that stored checkpoints have", () => {
    const layer = (name: string) => [`${name}.kernel`, `${name}.norm.scale`, `${name}.norm.offset`];
    const block = (name: string) => ["first", "second", "shortcut"].flatMap((part) => layer(`${name}.${part}`));
    assert.equal(
      encoderOf(small).specs.map(({ name }) => name),
      [...layer("stem"), ...[1, 2, 3, 4].flatMap((stage) => block(`stage${stage}.block1`))],
    );
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
    for (const config of [small, { ...small, name: "resnet50" as const }]) {
      const specs = encoderOf(config).specs;
      const before = start(config);
      const after = Float32Array.from(before);
      let at = 0;
      for (const spec of specs) {
        const length = spec.shape.reduce((a, b) => a * b, 1);
        if (/\.(first|second|third)\.kernel$/.test(spec.name)) after.fill(0.5, at, at + length);
        at += length;
      }
      const map = (flat: Float32Array) => tf.tidy(() => features(config, tf.tensor1d(flat), images(2)).dataSync());
      assert.not.equal(before, after);
      assert.equal(map(before), map(after));
    }
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
