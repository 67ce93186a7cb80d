/** @file The ImageNet weights in use: torch's logits where they are fetched, and what is said where they are not or do not fit. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { startEngine } from "../../engine/start.ts";
import { tf } from "../../engine/tf.ts";
import { assertClose, assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { parseNpy } from "../../util/npy.ts";
import { classifierNetwork, type ClassifierNetwork } from "../classifier-network.ts";
import { pooled } from "../encoder.ts";
import { sizeOf, unflatten, type NormMode, type Params } from "../network.ts";
import { fixedMode } from "../norm-statistics.ts";
import { encoderOf } from "../registry.ts";
import type { Weights } from "../weights.ts";
import { images } from "./fixtures/formula.ts";
import { IMAGENET_ENCODER, PINS, weightsPath } from "./pins.ts";
import { imagenetClassifier, imagenetEncoder } from "./weights.ts";

await startEngine({ threads: 1 });

const folder = mkdtempSync(join(tmpdir(), "sonomark-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

/** Asserts that `found` equals the array that torch saved, within 1e-5 of its largest number (fixtures/make.py). */
function assertTorch(found: ArrayLike<number>, file: string): void {
  const { data } = parseNpy(readFileSync(join(import.meta.dirname, "fixtures", file)), file);
  const expected = Array.from(data as Float32Array);
  assertClose(found, expected, { atol: 1e-5 * Math.max(...expected.map(Math.abs)) }, file);
}

/** Calls `body` inside a tidy with the network, its parameters and its mode of inference. */
function inference(weights: Weights, body: (network: ClassifierNetwork, params: Params, mode: NormMode) => void): void {
  const network = classifierNetwork(IMAGENET_ENCODER, PINS.classes);
  const { mode, dispose } = fixedMode(weights.statistics);
  tf.tidy(() => body(network, unflatten(tf.tensor1d(weights.flat), network.specs), mode));
  dispose();
}

describe("imagenetClassifier", (test) => {
  const fetched = existsSync(weightsPath());
  if (!fetched) console.log("skipped: torch's logits need the ImageNet weights (sonomark model fetch)");
  const whereFetched = fetched ? test : test.skip;

  whereFetched("gives torch's logits of grey images at 224 px, and its pooled features at 64 px", async () => {
    inference(await imagenetClassifier(), ({ logits, encoder }, params, mode) => {
      assertTorch(logits(params, images(2, 224), mode).dataSync(), "logits-224.npy");
      assertTorch(pooled(encoder.featureMap(params, images(1, 64), mode)).dataSync(), "features-64.npy");
    });
  });

  whereFetched("gives an encoder its part of them, at every output stride", async () => {
    const { flat, statistics } = await imagenetClassifier();
    for (const outputStride of [8, 16, 32] as const) {
      const { specs, norms } = encoderOf({ ...IMAGENET_ENCODER, outputStride });
      const found = await imagenetEncoder({ ...IMAGENET_ENCODER, outputStride });
      assert.equal(found.flat, flat.slice(0, sizeOf(specs)));
      assert.equal([...found.statistics.keys()], norms.map((norm) => norm.name)); // prettier-ignore
      assert.equal(found.statistics, statistics);
    }
  });

  test("says how to fetch them where they are not there", () =>
    assertUserError(
      () => imagenetEncoder({ ...IMAGENET_ENCODER, outputStride: 8 }, join(folder, "none.safetensors")),
      /^The ImageNet weights are not at .*none\.safetensors: run `sonomark model fetch` once\.$/,
    ));

  test("refuses a file that is not what was fetched", async () => {
    const path = join(folder, "cut.safetensors");
    writeFileSync(path, "cut");
    await assertUserError(() => imagenetClassifier(path), /cut\.safetensors is damaged: .*; run `sonomark model fetch`\.$/);
  });

  test("says which setting is in the way where the encoder is another", async () => {
    await assertUserError(
      () => imagenetEncoder({ name: "resnet10", width: 16, outputStride: 8 }),
      /^encoder\.name is resnet10, and only efficientnet-lite0 can start from ImageNet: set encoder\.name to efficientnet-lite0 and encoder\.width to 16\.$/,
    );
    await assertUserError(
      () => imagenetEncoder({ ...IMAGENET_ENCODER, width: 8 }),
      /^encoder\.width is 8, and the ImageNet weights are of width 16: set encoder\.width to 16\.$/,
    );
  });
});
