/** @file Mix-up: its draws by the moments of the Beta distribution, its images by naive loops. */
import * as assert from "uvu/assert";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { mean, variance } from "../../src/metrics/moments.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { expectNoLeak } from "../../src/testing/expect-no-leak.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { mixRows, mixShares, partners } from "./mix-up.ts";

await startEngine({ threads: 1 });
const key = { seed: 1, stream: "finetune/fold-0", epoch: 2 };

describe("mixShares", (test) => {
  test("have the mean and the variance of Beta(α, α)", () => {
    for (const alpha of [0.2, 1, 3]) {
      const shares = mixShares(alpha, key, range(20_000));
      const expected = 1 / (4 * (2 * alpha + 1));
      assertClose(mean(shares), 0.5, { atol: 4 * Math.sqrt(expected / 20_000) }); // 4 standard errors
      assertClose(variance(shares, 0), expected, { rtol: 0.05 });
      assert.ok(shares.every((share) => share >= 0 && share <= 1));
    }
  });

  test("are an image's own in an epoch, whatever the batch holds, and other ones in the next epoch and of another seed", () => {
    const [a, b] = [mixShares(0.4, key, [7, 3, 9]), mixShares(0.4, key, [9, 7])];
    assert.equal([a[0], a[2]], [b[1], b[0]]);
    assert.not.equal(mixShares(0.4, { ...key, epoch: 3 }, [7, 3, 9]), a);
    assert.not.equal(mixShares(0.4, { ...key, seed: 2 }, [7, 3, 9]), a);
  });

  test("are finite for the smallest alpha, and refused for none", () => {
    assert.ok(mixShares(1e-3, key, range(1000)).every((share) => share >= 0 && share <= 1));
    assert.throws(() => mixShares(0, key, [1]), /alpha must be above 0, got 0/);
  });
});

describe("mixRows", (test) => {
  test("equals a naive loop over images and their followers", () =>
    tf.tidy(() => {
      const rng = rngOf(1, "mix");
      const values = Float32Array.from(range(3 * 4), () => rng.next());
      const shares = [0.25, 1, 0];
      const expected = range(12).map((at) => {
        const share = shares[Math.floor(at / 4)];
        return share * values[at] + (1 - share) * values[(at + 4) % 12];
      });
      const mixed = mixRows(tf.tensor4d(values, [3, 2, 2, 1]), tf.tensor1d(shares));
      assert.equal(mixed.shape, [3, 2, 2, 1]);
      assertClose(mixed.dataSync(), expected, { atol: 1e-7 });
    }));

  test("pairs nobody with itself, and labels as images", () =>
    tf.tidy(() => {
      const labels = tf.tensor1d([3, 1, 2], "int32");
      assert.equal([...partners(labels).dataSync()], [1, 2, 3]);
      assert.is(partners(labels).dtype, "int32");
    }));

  test("leaves no tensors behind", async () => {
    const [x, shares] = [tf.ones<tf.Rank.R4>([2, 2, 2, 1]), tf.ones<tf.Rank.R1>([2])];
    await expectNoLeak(() => mixRows(x, shares).dispose());
    tf.dispose([x, shares]);
  });
});
