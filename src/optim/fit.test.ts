import * as assert from "uvu/assert";
import { optimiserSchema } from "../config/optimiser.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { fit, type FitOptions } from "./fit.ts";

await startEngine({ threads: 1 });
const points: [string, number, number][] = [];
/** Pulls two parameters towards each batch's mean index. */
const options = (over: Partial<FitOptions> = {}): FitOptions => ({
  task: "pretrain/fold-0",
  settings: "pretrain.optimiser",
  images: range(10),
  epochs: 30,
  batchSize: 4,
  optimiser: optimiserSchema.parse({ learningRate: 0.1, momentum: 0, weightDecay: 0 }),
  initial: Float32Array.of(0, 100),
  decay: Float32Array.of(1, 1),
  order: (epoch) => rngOf(1, epoch),
  inputs: (batch) => [tf.tensor1d(Float32Array.from(batch))],
  loss: (flat, [x]) => tf.sum(tf.square(tf.sub(flat, tf.mean(x)))),
  report: { metric: (...point) => void points.push(point), progress: async () => {} },
  ...over,
});

describe("fit", (test) => {
  test("brings parameters to the minimum, and the same ones again", async () => {
    const flat = await fit(options());
    assertClose(flat, [4.5, 4.5], { atol: 1.5 });
    assert.equal(await fit(options()), flat);
  });
  test("logs every step, and every epoch's mean", async () => {
    points.length = 0;
    await fit(options({ epochs: 3 }));
    const of = (key: string) => points.filter(([name]) => name === key).map(([, value]) => value);
    assert.is(of("train/loss").length, 6); // 10 images make two batches of 4
    assertClose(of("epoch/loss")[1], (of("train/loss")[2] + of("train/loss")[3]) / 2, { rtol: 1e-12 });
  });
  test("says once whether its steps are compiled, and why not", async () => {
    const run = async () => {
      points.length = 0;
      const notes: string[] = [];
      const progress = async (...[, , note]: [number, number, string?]) => void notes.push(note!);
      await fit(options({ epochs: 1, report: { metric: (...point) => void points.push(point), progress } }));
      return { compiled: points.filter(([key]) => key === "train/compiled"), notes };
    };
    const { compiled, notes } = await run();
    assert.equal(compiled, [["train/compiled", 1, 0]]);
    assert.not.match(notes.join(), /op by op/);
    await tf.setBackend("cpu");
    try {
      const fallen = await run();
      assert.equal(fallen.compiled, [["train/compiled", 0, 0]]);
      assert.match(fallen.notes[0], /^loss [\d.]+, steps run op by op: the cpu backend runs no graphs$/);
      assert.match(fallen.notes[1], /^loss [\d.]+$/);
    } finally {
      await tf.setBackend("tensorflow");
    }
  });
  test("leaves parameters with rate 0 as they were", async () => {
    assert.is((await fit(options({ rates: Float32Array.of(1, 0) })))[1], 100);
  });
  test("stops where the loss is no number, naming task, step and setting, and keeps no tensor", async () => {
    const tensors = tf.memory().numTensors;
    const broken = () => fit(options({ loss: (flat) => tf.log(tf.neg(tf.sum(tf.square(flat)))) }));
    await assertUserError(
      broken,
      /^pretrain\/fold-0: the loss became NaN at step 0; lower pretrain\.optimiser\.learningRate \(now 0\.1\)$/,
    );
    assert.is(tf.memory().numTensors, tensors);
  });
});
