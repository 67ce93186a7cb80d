/** @file Tests of the native engine's start. */
import util from "node:util";
import * as assert from "uvu/assert";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { chosenEngine, engineInfo, startEngine } from "./start.ts";
import { tf } from "./tf.ts";

assert.is(engineInfo(), undefined);
const info = await startEngine({ threads: 1 });

describe("startEngine", (test) => {
  test("brings up native TensorFlow for the `tf` that everything imports", () => {
    assert.is(info.backend, "tensorflow");
    assert.is(tf.getBackend(), "tensorflow");
    assert.match(info.tensorflow ?? "", /^2\.\d+\.\d+$/);
    assert.is(info.tfjs, tf.version_core);
    assert.is(info.threads, 1);
  });

  test("answers later calls with the first one's engine", async () => {
    assert.is(await startEngine({ threads: 2 }), info);
    assert.is(engineInfo(), info);
  });

  test("has told the native library about threads and determinism", () => {
    assert.is(process.env.TF_NUM_INTRAOP_THREADS, "1");
    assert.is(process.env.TF_DETERMINISTIC_OPS, "1");
  });

  test("restores what Node 23 removed from node:util and tfjs-node calls", () => {
    const { isNullOrUndefined, isArray } = util as unknown as Record<"isNullOrUndefined" | "isArray", (value: unknown) => boolean>;
    assert.equal([null, undefined, 0, ""].map(isNullOrUndefined), [true, true, false, false]);
    assert.equal([[], {}].map(isArray), [true, false]);
  });

  test("refuses a number of threads that is none", () => {
    for (const threads of [0, 1.5, Number.NaN]) assert.throws(() => startEngine({ threads }), /threads must be an integer of at least 1/);
  });

  test("differentiates a convolution: ones under a filter of ones, loss mean(y²), give 2·9 for each weight", () => {
    const gradient = tf.tidy(() => {
      const image = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
      return tf.grad((filter) =>
        tf
          .conv2d(image, filter as tf.Tensor4D, 1, "valid")
          .square()
          .mean(),
      )(tf.ones([3, 3, 1, 1]));
    });
    assertClose(gradient.dataSync(), Array<number>(9).fill(18), { atol: 1e-4 });
    gradient.dispose();
  });
});

describe("chosenEngine", (test) => {
  test("names the three engines where the word is none of them", () =>
    assertUserError(() => chosenEngine("tpu"), /SONOMARK_ENGINE is "tpu": set it to cpu, gpu or wasm/));
});
