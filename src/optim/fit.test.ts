import * as assert from "uvu/assert";
import { optimiserSchema } from "../config/optimiser.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { ema } from "./ema.ts";
import { fit, type FitOptions } from "./fit.ts";

await startEngine({ threads: 1 });
const points: [string, number, number][] = [];
/** Pulls two parameters towards each batch's mean index. */
const options = (over: Partial<FitOptions> = {}): FitOptions => ({
  task: "pretrain/fold-0",
  settings: "pretrain",
  images: range(10),
  epochs: 30,
  batchSize: 4,
  optimiser: optimiserSchema.parse({ learningRate: 0.1, momentum: 0, weightDecay: 0 }),
  initial: Float32Array.of(0, 100),
  sizes: [2],
  decay: Float32Array.of(1, 1),
  order: (epoch) => rngOf(1, epoch),
  inputs: (batch) => [tf.tensor1d(Float32Array.from(batch))],
  loss: (flat, [x]) => ({ loss: tf.sum(tf.square(tf.sub(flat, tf.mean(x)))) }),
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
  test("takes lars, which needs the size of each tensor", async () => {
    const optimiser = optimiserSchema.parse({ name: "lars", learningRate: 10, lars: { trust: 0.1 } });
    assert.ok((await fit(options({ optimiser })))[1] < 50);
  });
  test("stops where the loss is no number, naming task, step, images and setting, and keeps no tensor", async () => {
    const tensors = tf.memory().numTensors;
    const broken = () =>
      fit(options({ nameOf: (image) => `image-${image}`, loss: (flat) => ({ loss: tf.log(tf.neg(tf.sum(tf.square(flat)))) }) }));
    await assertUserError(
      broken,
      /^pretrain\/fold-0: the loss became NaN at step 0, on the images (image-\d, ){3}image-\d; lower pretrain\.optimiser\.learningRate \(now 0\.1\) or set pretrain\.optimiser\.clipNorm$/,
    );
    assert.is(tf.memory().numTensors, tensors);
  });
  test("refuses batches and updates that the images cannot fill, with the number that they can", async () => {
    await assertUserError(
      () => fit(options({ batchSize: 11 })),
      /^pretrain\/fold-0: 10 images cannot fill batches of 11; set pretrain\.batchSize to 10 or less$/,
    );
    await assertUserError(
      () => fit(options({ accumulate: 3 })),
      /10 images cannot fill 3 batches of 4; set pretrain\.accumulate to 2 or less$/,
    );
  });
  test("shows by-products with their place, and the epochs' parameters", async () => {
    const seen: string[] = [];
    await fit(
      options({
        epochs: 2,
        loss: (flat, [x]) => ({ loss: tf.sum(tf.square(tf.sub(flat, tf.mean(x)))), aux: { mean: tf.mean(x) } }),
        observe: ({ mean }, { epoch, batch, batches }) => void seen.push(`${epoch}: ${batch + 1}/${batches} ${mean.dataSync()[0] > 0}`),
        afterEpoch: async ({ epoch, flat, meanLoss }) => void seen.push(`epoch ${epoch}, ${flat.size} parameters, ${meanLoss > 0}`),
      }),
    );
    const epoch = (k: number) => [`${k}: 1/2 true`, `${k}: 2/2 true`, `epoch ${k}, 2 parameters, true`];
    assert.equal(seen, [...epoch(0), ...epoch(1)]);
  });
});

describe("fit, going on from a checkpoint,", (test) => {
  /** With all that is carried: two optimiser slots, an average, gradients of two batches. */
  const rich = (over: Partial<FitOptions> = {}): FitOptions =>
    options({
      epochs: 4,
      batchSize: 2,
      accumulate: 2,
      optimiser: optimiserSchema.parse({ name: "adamw", learningRate: 0.3 }),
      carried: { target: tf.tensor1d([1, 2]), seen: tf.tensor1d([0, 0], "int32") },
      scalars: (step, steps) => ({ tau: step / steps }),
      loss: (flat, [x], { carried }) => ({ loss: tf.sum(tf.square(tf.sub(flat, tf.add(carried.target, tf.mean(x))))) }),
      after: ({ flat, carried, scalars }) => ({
        flat,
        carried: { target: ema(carried.target, flat, scalars.tau), seen: tf.add(carried.seen, tf.scalar(1, "int32")) },
      }),
      ...over,
    });
  /** Parameters and points of a run, and its checkpoint after each update. */
  async function watched(over: Partial<FitOptions> = {}) {
    const metrics: [string, number, number][] = [];
    const checkpoints: Uint8Array[] = [];
    const report: FitOptions["report"] = {
      metric: (...point) => void metrics.push(point),
      progress: async (_done, _total, _note, save) => void checkpoints.push(save!()),
    };
    return { flat: await fit(rich({ report, ...over })), metrics, checkpoints };
  }

  test("gives the same bits as never stopping, and the rest of the metrics, from every update", async () => {
    const whole = await watched();
    for (const [done, bytes] of whole.checkpoints.entries()) {
      const { flat, metrics, checkpoints } = await watched({ resume: { bytes, source: "test" } });
      assert.equal(flat, whole.flat, `from update ${done + 1}`);
      assert.equal(metrics, whole.metrics.slice(-metrics.length || whole.metrics.length));
      assert.equal(checkpoints, whole.checkpoints.slice(done + 1));
    }
  });
  test("refuses one that was cut, one of another network, and one of another optimiser, and keeps no tensor", async () => {
    const { checkpoints } = await watched();
    const tensors = tf.memory().numTensors;
    const from =
      (bytes: Uint8Array, over: Partial<FitOptions> = {}) =>
      () =>
        fit(rich({ resume: { bytes, source: "last.safetensors of run 7" }, ...over }));
    await assertUserError(from(checkpoints[0].subarray(0, 300)), /^last\.safetensors of run 7 is not a safetensors file/);
    const other = { initial: new Float32Array(3), sizes: [3], decay: new Float32Array(3) };
    await assertUserError(
      from(checkpoints[0], other),
      /^last\.safetensors of run 7: parameters should be \[3\] and is \[2\]: the checkpoint is of another architecture or optimiser; remove it to start anew$/,
    );
    await assertUserError(from(checkpoints[0], { optimiser: optimiserSchema.parse({}) }), /of another|no checkpoint of this training/);
    assert.is(tf.memory().numTensors, tensors);
  });
  test("writes none whose values are not finite", async () => {
    const report: FitOptions["report"] = { metric: () => {}, progress: async (_d, _t, _n, save) => void save!() };
    const loss: FitOptions["loss"] = (flat) => ({ loss: tf.sum(tf.sqrt(tf.mul(flat, 0))) }); // finite, with an infinite slope
    await assertUserError(
      () => fit(options({ report, loss })),
      /^values of "parameters" are not finite after 1 updates: lower the learning rate/,
    );
  });
});
