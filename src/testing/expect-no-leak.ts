/** @file Asserts that a body leaves no tensor behind. */
import * as assert from "uvu/assert";
import { tf } from "../engine/tf.ts";

/** Runs `body` once as burn-in (caches, constants), then again, and asserts that the second run left as many tensors as it found. */
export async function expectNoLeak(body: () => unknown): Promise<void> {
  await body();
  const before = tf.memory().numTensors;
  await body();
  assert.is(tf.memory().numTensors - before, 0, "tensors left behind");
}
