import { encoderSchema } from "../src/config/encoder.ts";
import { pretrainSchema } from "../src/config/pretrain.ts";
import { startEngine } from "../src/engine/start.ts";
import { encoderOf } from "../src/models/registry.ts";
import * as assert from "uvu/assert";
import { assertUserError } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { trainMethod, type MethodTraining } from "./train-method.ts";

await startEngine({ threads: 1 });
const [SIZE, IMAGES] = [16, 12];
const noise = rngOf(1, "frames");
const frames = { size: SIZE, pixels: Uint8Array.from({ length: IMAGES * SIZE ** 2 }, () => 255 * noise.next()) };
const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));

const train = (pretrain: object, over: Partial<MethodTraining> = {}) =>
  trainMethod(pretrainSchema.parse({ epochs: 2, batchSize: 4, ...pretrain }), encoder, {
    task: "pretrain/fold-0",
    seed: 1,
    random: (...names) => rngOf(1, ...names),
    images: range(IMAGES),
    frames,
    groups: Int32Array.from(range(IMAGES)),
    report: { metric: () => {}, progress: async () => {} },
    ...over,
  });

describe("trainMethod refuses", (test) => {
  test("a batch larger than the set", () =>
    assertUserError(
      () => train({ batchSize: 64 }),
      /^pretrain\/fold-0: 12 images cannot fill batches of 64; set pretrain\.batchSize to 12 or less$/,
    ));
  test("local views where the method takes none", () =>
    assertUserError(
      () => train({ augment: { local: { count: 2 } } }),
      /^pretrain\.augment\.local\.count is 2, and simclr takes no local views: set it to 0, or pretrain\.method\.name to swav$/,
    ));
  test("crops that leave nothing, with the least that leaves something", async () => {
    await assertUserError(
      () => train({ augment: { cropScale: [0.01, 1] } }),
      /^pretrain\.augment\.cropScale starts at 0\.01, which leaves 1\.6 of 16 pixels: start at 0\.016 or more$/,
    );
    await assertUserError(
      () => train({ augment: { perView: [{}, { cropScale: [0.001, 1] }] } }),
      /^pretrain\.augment\.perView\.1\.cropScale/,
    );
  });
  test("to go on where the loss is no number, naming the images of the batch", () =>
    assertUserError(
      () => train({ optimiser: { learningRate: 1e30, warmupShare: 0 } }, { nameOf: (image) => `frame-${image}` }),
      /^pretrain\/fold-0: the loss became (NaN|Infinity) at step \d+, on the images frame-\d+, .*; lower pretrain\.optimiser\.learningRate \(now 1e\+30\)/,
    ));
});

describe("trainMethod", (test) => {
  test("takes second views from the images that it is told, and draws them as that image's own", async () => {
    const own = await train({});
    assert.equal(await train({}, { sourceOf: (image) => image }), own);
    assert.not.equal(await train({}, { sourceOf: (image, view) => (view === 0 ? image : (image + 1) % IMAGES) }), own);
  });
});
