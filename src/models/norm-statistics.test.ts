/** @file Pooled statistics against those of the whole set in float64. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { rngOf } from "../util/rng.ts";
import { norm, type NormSpec } from "./layers.ts";
import type { NormMode } from "./network.ts";
import { fixedMode, measureStatistics } from "./norm-statistics.ts";

await startEngine({ threads: 1 });

const spec: NormSpec = { name: "n", channels: 2 };
const params = () =>
  new Map([
    ["n.scale", tf.ones([2])],
    ["n.offset", tf.zeros([2])],
  ]);
const forward = (x: tf.Tensor4D, mode: NormMode) => norm(params(), spec, x, mode);

/** Seven images [2, 1, 2] with means far from 0, where E[x²] - E[x]² loses digits in float32. */
const rng = rngOf(1, "norm-statistics.test");
const data = Float32Array.from({ length: 7 * 4 }, (_, i) => 100 * (i % 2) + rng.normal());
function* batches(...sizes: number[]) {
  let at = 0;
  for (const n of sizes) yield tf.tensor4d(data.slice(at, (at += n * 4)), [n, 2, 1, 2]);
}
const whole = [0, 1].map((c) => {
  const values = Array.from(data).filter((_, i) => i % 2 === c);
  const mean = values.reduce((a, b) => a + b) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
});

describe("measureStatistics", (test) => {
  test("pools batches of any sizes to the mean and biased variance of the whole set", () => {
    for (const sizes of [[7], [3, 4], [1, 5, 1]]) {
      const { mean, variance } = measureStatistics([spec], batches(...sizes), forward).get("n")!;
      assertClose(
        mean,
        whole.map((channel) => channel.mean),
        { rtol: 1e-6, atol: 1e-6 },
      );
      assertClose(
        variance,
        whole.map((channel) => channel.variance),
        { rtol: 1e-4 },
      );
    }
  });

  test("needs a batch, and names the norm that saw none", () => {
    assert.throws(() => measureStatistics([spec], [], forward), /at least one batch must pass the norm "n"/);
  });

  test("gives a fixed mode that normalises the whole set to mean 0 and variance 1", async () => {
    const statistics = measureStatistics([spec], batches(3, 4), forward);
    const { mode, dispose } = fixedMode(statistics);
    tf.tidy(() => {
      const { mean, variance } = tf.moments(forward(tf.tensor4d(data, [7, 2, 1, 2]), mode), [0, 1, 2]);
      assertClose(mean.dataSync(), [0, 0], { atol: 1e-4 });
      assertClose(variance.dataSync(), [1, 1], { atol: 1e-3 });
    });
    dispose();
  });

  test("disposes the batches and leaves no tensors behind", () =>
    expectNoLeak(() => fixedMode(measureStatistics([spec], batches(3, 4), (x, mode) => tf.tidy(() => forward(x, mode)))).dispose()));
});
