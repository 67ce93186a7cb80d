/** @file What each option of a training does to it, on bright discs whose size is their class. */
import * as assert from "uvu/assert";
import { encoderSchema } from "../src/config/encoder.ts";
import { finetuneSchema } from "../src/config/finetune.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { classifierNetwork } from "../src/models/classifier-network.ts";
import { initialise, sizeOf } from "../src/models/network.ts";
import type { Weights } from "../src/models/weights.ts";
import { assertUserError } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { trainClassifier, type ClassifierTraining } from "./train-classifier.ts";

await startEngine({ threads: 1 });
const [n, size] = [16, 32];
const network = classifierNetwork(encoderSchema.parse({ width: 4 }), 2);
const own = sizeOf(network.specs);

/** A disc of radius 4 or 8 somewhere in the middle; the first image has no mask. */
function discs() {
  const rng = rngOf(1, "discs");
  const labels = Int32Array.from(range(n), (i) => i % 2);
  const [pixels, lesion] = [new Uint8Array(n * size * size), new Uint8Array(n * size * size)];
  labels.forEach((label, i) => {
    const [row, column, radius] = [12 + 8 * rng.next(), 12 + 8 * rng.next(), label === 0 ? 4 : 8];
    for (const at of range(size * size)) {
      const within = Math.hypot(Math.floor(at / size) - row, (at % size) - column) < radius;
      pixels[i * size * size + at] = within ? 200 : 40 + rng.int(30);
      lesion[i * size * size + at] = Number(within && i > 0);
    }
  });
  return { labels, frames: { size, pixels, lesion } };
}
const { labels, frames } = discs();

/** A training of some epochs, with all its metrics. */
async function trained(settings: object, over: Partial<ClassifierTraining> = {}) {
  const points: Record<string, number[]> = {};
  const config = finetuneSchema.parse({ epochs: 1, batchSize: 8, ...settings });
  const weights = await trainClassifier(config, network, {
    ...{ task: "finetune/pretrained/fold-0", images: range(n), frames, labels, classes: 2, seed: 1, stream: "fold-0", resume: undefined },
    random: (...names) => rngOf(1, ...names),
    report: { metric: (key, value) => void (points[key] ??= []).push(value), progress: async () => {} },
    ...over,
  });
  return { ...weights, points };
}
const plain = await trained({});
const changed = (a: Weights, b: Weights) => a.flat.some((value, i) => value !== b.flat[i]);

describe("trainClassifier", (test) => {
  test("runs every option as a compiled graph, gives the same bits again, and other ones than without it", async () => {
    const options = [{ labelSmoothing: 0.1, layerDecay: 0.5 }, { mixUp: 0.4 }, { maskWeight: 1, augment: { rotation: 10 } }];
    for (const option of options) {
      const found = await trained(option);
      assert.equal(found.points["train/compiled"], [1], JSON.stringify(option));
      assert.is(found.flat.length, own);
      assert.ok(changed(found, plain), JSON.stringify(option));
    }
    const all = { ...Object.assign({}, ...options), maskLoss: "cross-entropy-dice" };
    const [a, b] = [await trained(all), await trained(all)];
    assert.equal(a.points["train/compiled"], [1]);
    assert.equal(a.flat, b.flat);
  });

  test("weighs classes alike or images alike: no difference where classes are equally frequent, one where they are not", async () => {
    assert.not.ok(changed(await trained({ classWeights: "none", batchSize: 16, epochs: 2 }), await trained({ batchSize: 16, epochs: 2 })));
    const images = range(n).filter((i) => i % 4 !== 1);
    const [none, balanced] = [await trained({ classWeights: "none", epochs: 2 }, { images }), await trained({ epochs: 2 }, { images })];
    assert.ok(changed(none, balanced));
  });

  test("moves lower layers less, the more so the stronger the decay", async () => {
    const initial = initialise(network.specs, (parameter) => rngOf(1, "initial", parameter));
    const stem = sizeOf(network.encoder.specs.filter(({ name }) => name.startsWith("stem.")));
    const moved = ({ flat }: Weights) => Math.hypot(...flat.subarray(0, stem).map((value, i) => value - initial[i]));
    const [some, much] = [await trained({ layerDecay: 0.5 }), await trained({ layerDecay: 0.1 })];
    assert.ok(moved(some) < 0.2 * moved(plain), `${moved(some)} of ${moved(plain)}`);
    assert.ok(moved(much) < 0.01 * moved(plain), `${moved(much)} of ${moved(plain)}`);
  });

  test("learns the mask beside the classes, and gives the network alone to whoever watches", async () => {
    const seen: Weights[] = [];
    const watch = async (_: number, weightsNow: () => Promise<Weights>) => void seen.push(await weightsNow());
    const { points, flat } = await trained({ maskWeight: 1, epochs: 12 }, { watch: watch as ClassifierTraining["watch"] & object });
    const losses = points["train/mask_loss"];
    assert.ok(losses.at(-1)! < 0.5 * losses[0], `${losses[0]} to ${losses.at(-1)}`);
    assert.equal([seen.length, seen[0].flat.length], [12, own]);
    assert.equal(seen[11].flat, flat);
  });

  test("names the setting where no image has a mask, and leaves no tensors behind", async () => {
    const before = tf.memory().numTensors;
    await assertUserError(
      () => trained({ maskWeight: 1 }, { images: [0] }),
      /finetune\.maskWeight is 1, and none of the 1 training images/,
    );
    await trained({ maskWeight: 1, mixUp: 1 });
    assert.is(tf.memory().numTensors, before);
  });
});
