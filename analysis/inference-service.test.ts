/** @file Tests of answers about single images, with small known models. */
import * as assert from "uvu/assert";
import { inferenceAnswerSchema, type InferenceAnswer, type InferenceRequest } from "../src/config/inference.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { assertClose } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { greyPng } from "../src/testing/picture-files.ts";
import { linearClassifier } from "../src/testing/toy-classifier.ts";
import { range } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";
import { inferenceService, type LoadedModel } from "./inference-service.ts";

await startEngine({ threads: 1 });

const SIZE = 64;
const BLOCK = 16;

/** A model that sees only the brightness of one block, rows and columns 16–31 (four cells of the grid that is tested), with `weight` a pixel. */
function model(weight: number, changes: Partial<LoadedModel["config"]> = {}): LoadedModel & { disposed: number } {
  const w = new Float32Array(SIZE * SIZE);
  for (const row of range(BLOCK)) w.fill(weight, (BLOCK + row) * SIZE + BLOCK, (BLOCK + row) * SIZE + 2 * BLOCK);
  const classifier = linearClassifier(w, SIZE, 0);
  const loaded = {
    classifier,
    logits(x: tf.Tensor4D) {
      const score = classifier.scoreOfMap(classifier.featureMap(x));
      return tf.stack([tf.zerosLike(score), score], 1) as tf.Tensor2D;
    },
    config: {
      encoder: { name: "resnet10" as const, width: 4, outputStride: 8 as const },
      imageSize: SIZE,
      fold: 0,
      classes: ["benign", "malignant"],
      arm: { protocol: "finetune" as const, initialisation: "scratch" as const, labels: 1 },
      calibration: null,
      ...changes,
    },
    disposed: 0,
    dispose: () => void loaded.disposed++,
  };
  return loaded;
}

/** A service over models by run id, with what it loaded. */
function serviceOf(models: Record<string, LoadedModel>, capacity?: number) {
  const loads: string[] = [];
  const service = inferenceService({
    async load(_store, runId) {
      loads.push(runId);
      if (!models[runId]) throw new UserError(`there is no run ${runId}`, { status: 404 });
      return models[runId];
    },
    ...(capacity === undefined ? {} : { capacity }),
  });
  return { service, loads };
}

/** Twice as wide as high, brightness 128 everywhere: in the frame rows 16–47 show the image. */
const image = (await greyPng(SIZE, SIZE / 2, () => 128)).toString("base64");
const square = (await greyPng(SIZE, SIZE, () => 128)).toString("base64");
const IG = { name: "integrated-gradients", steps: 2, baseline: "zero", cells: 16 } as const;
const question = (runs: string[], changes: Partial<InferenceRequest> = {}): InferenceRequest => ({
  id: "q",
  modelRuns: runs.map((runId) => ({ runId })),
  store: "s",
  image,
  method: IG,
  ...changes,
});
const good = (answer: InferenceAnswer) => {
  inferenceAnswerSchema.parse(answer);
  if (!answer.ok) throw new Error(answer.message);
  return answer;
};

describe("inferenceService", (test) => {
  test("answers with the mean probability and the mean map of the models, on the grid that is tested", async () => {
    const { service } = serviceOf({ a: model(0.02), b: model(-0.004) });
    const answer = good(await service.answer(question(["a", "b"])));
    const grey = 128 / 255;
    const [a, b] = [0.02 * 256 * grey, -0.004 * 256 * grey].map((score) => 1 / (1 + Math.exp(-score)));
    assertClose(answer.probabilities, [a!, b!], { atol: 1e-5 });
    assertClose(answer.probability, (a! + b!) / 2, { atol: 1e-5 });
    assert.equal([answer.size, answer.map.rows, answer.map.columns], [SIZE, 8, 8]);
    const expected = Float64Array.from({ length: 64 }, (_, cell) => ([18, 19, 26, 27].includes(cell) ? 0.008 * 64 * grey : 0));
    assertClose(answer.map.values, expected, { atol: 1e-5 });
  });

  test("sends the frame that the models saw, padding and all", async () => {
    const { service } = serviceOf({ a: model(0.1) });
    const frame = Buffer.from(good(await service.answer(question(["a"]))).frame, "base64");
    assert.is(frame.length, SIZE * SIZE);
    assert.equal([frame[0], frame[16 * SIZE], frame[47 * SIZE + 63], frame[48 * SIZE]], [0, 128, 128, 0]);
  });

  test("tells the zone of hot spots where a lesion mask is given, and null where not", async () => {
    const { service } = serviceOf({ a: model(0.1) });
    const [bare] = good(await service.answer(question(["a"], { image: square }))).hotSpots;
    assertClose([bare!.row, bare!.column], [24, 24], { atol: 1e-3 });
    assert.equal([bare!.zone, bare!.distance], [null, null]);
    const lesion = new Uint8Array(SIZE * SIZE);
    for (const row of range(8)) lesion.fill(1, (8 + row) * SIZE + 20, (8 + row) * SIZE + 28);
    const [placed] = good(
      await service.answer(question(["a"], { image: square, lesion: Buffer.from(lesion).toString("base64") })),
    ).hotSpots;
    assert.is(placed!.zone, "behind");
    assertClose([placed!.distance!, placed!.bearing!], [12 / 9.17, 180], { atol: 0.02 });
  });

  test("answers what is wrong with an image, a mask, a run or a request, and goes on", async () => {
    const { service } = serviceOf({ a: model(0.1), other: model(0.1, { imageSize: 32 }) });
    const refusal = async (message: unknown) => {
      const answer = await service.answer(message);
      inferenceAnswerSchema.parse(answer);
      return answer.ok ? assert.unreachable("answered") : [answer.status, answer.message];
    };
    assert.is((await refusal(question(["a"], { image: Buffer.from("no image").toString("base64") })))![0], 415);
    assert.match((await refusal(question(["a"], { lesion: "AAAA" })))![1] as string, /lesion mask has 3 bytes .* 4096/);
    assert.equal(await refusal(question(["gone"])), [404, "there is no run gone"]);
    assert.match((await refusal(question(["a", "other"])))![1] as string, /models a and other differ/);
    assert.match((await refusal({ id: "x", image }))![1] as string, /not an inference request: modelRuns/);
    assert.is((await refusal(null))![0], 400);
    good(await service.answer(question(["a"])));
  });

  test("loads a model once, lets the one unused for longest go, and keeps all that one question needs until its answer", async () => {
    const models = { a: model(0.1), b: model(0.2), c: model(0.3) };
    const { service, loads } = serviceOf(models, 2);
    for (const runs of [["a"], ["b"], ["a"], ["c"], ["a", "b", "c"]]) good(await service.answer(question(runs)));
    assert.equal(loads, ["a", "b", "c", "b"]);
    assert.equal([models.a.disposed, models.b.disposed, models.c.disposed], [1, 1, 0]);
    service.dispose();
    assert.equal([models.a.disposed, models.b.disposed, models.c.disposed], [1, 2, 1]);
  });

  test("leaves no tensor behind, whether it answers or refuses", async () => {
    const { service } = serviceOf({ a: model(0.1) });
    const both = async () => {
      await service.answer(question(["a"]));
      await service.answer(question(["a"], { image: "AAAA" }));
    };
    await both();
    const before = tf.memory().numTensors;
    await both();
    assert.is(tf.memory().numTensors, before);
  });
});
