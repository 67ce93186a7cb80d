/** @file Tests of the engine for inference without native code. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { startEngine } from "./start.ts";
import { tf } from "./tf.ts";

const info = await startEngine({ engine: "wasm", threads: 4 });

describe("startEngine with wasm", (test) => {
  test("says what it is: one thread, no TensorFlow", () => {
    assert.equal(info, { backend: "wasm", device: "cpu", tensorflow: null, tfjs: tf.version_core, threads: 1 });
    assert.is(tf.getBackend(), "wasm");
  });

  test("runs a convolution: ones under a 3 × 3 filter of ones give 9", async () => {
    const output = tf.tidy(() => tf.conv2d(tf.ones<tf.Rank.R4>([1, 4, 4, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 1]), 1, "valid"));
    assertClose(await output.data(), [9, 9, 9, 9], { atol: 1e-5 });
    output.dispose();
  });
});
