/** @file The mask's targets by counting pixels, and who has a part in its loss. */
import * as assert from "uvu/assert";
import { unchanged, COLUMNS } from "../../src/augment/parameters.ts";
import { encoderSchema } from "../../src/config/encoder.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { initialise, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { maskTask } from "./mask-task.ts";

await startEngine({ threads: 1 });
const size = 32;
const rng = rngOf(1, "masks");
/** Image 1 has no mask. */
const lesion = Uint8Array.from(range(3 * size * size), (at) => (Math.floor(at / size ** 2) === 1 ? 0 : rng.int(2)));
const encoder = encoderOf(encoderSchema.parse({ width: 4, outputStride: 8 }));
const settings = { maskWeight: 0.5, maskLoss: "cross-entropy-dice" } as const;
const where = { images: range(3), rotate: false, task: "finetune/pretrained/fold-0" };
const task = maskTask(encoder, { size, lesion }, settings, where);
const still = () => tf.tensor2d(unchanged(3), [3, COLUMNS.length]);

describe("maskTask", (test) => {
  test("asks for the share of each cell that the mask covers, counted pixel by pixel", () =>
    tf.tidy(() => {
      const [covered] = task.targets(task.inputs([0, 1, 2]), still());
      assert.equal(covered.shape, [3, 4, 4, 1]);
      const expected = range(3 * 16).map((cell) => {
        const [image, row, column] = [Math.floor(cell / 16), Math.floor((cell % 16) / 4), cell % 4];
        const pixels = range(64).map((p) => lesion[image * size ** 2 + (8 * row + (p >> 3)) * size + 8 * column + (p % 8)]);
        return pixels.reduce((a, b) => a + b) / 64;
      });
      assertClose(covered.dataSync(), expected, { atol: 1e-6 });
    }));

  test("leaves images without a mask out of the loss", () =>
    tf.tidy(() => {
      const params = unflatten(tf.tensor1d(initialise(task.specs, (name) => rngOf(1, name))), task.specs);
      const map = tf.randomNormal<tf.Rank.R4>([3, 4, 4, encoder.featureSize], 0, 1, "float32", 3);
      const all = task.targets(task.inputs([0, 1, 2]), still());
      assert.equal([...all[1].dataSync()], [1, 0, 1]);
      const gradient = tf.grad((x) => task.loss(params, x as tf.Tensor4D, all))(map);
      const perImage = tf.sum(tf.abs(gradient), [1, 2, 3]).dataSync();
      assert.ok(perImage[0] > 0 && perImage[1] === 0 && perImage[2] > 0);
      const two = task.targets(task.inputs([0, 2]), tf.tensor2d(unchanged(2), [2, COLUMNS.length]));
      const without = tf.gather(map, [0, 2]);
      assertClose(task.loss(params, map, all).dataSync(), task.loss(params, without, two).dataSync(), { rtol: 1e-5 });
    }));

  test("names the setting where no image has a mask", async () => {
    const none =
      /^finetune\/pretrained\/fold-0: finetune\.maskWeight is 0\.5, and none of the \d training images has a lesion mask; set it to 0/;
    await assertUserError(() => maskTask(encoder, { size }, settings, where), none);
    await assertUserError(() => maskTask(encoder, { size, lesion }, settings, { ...where, images: [1] }), none);
  });
});
