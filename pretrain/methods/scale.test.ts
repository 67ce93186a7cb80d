/** @file Barlow Twins and VICReg: their losses with the config's weights, times the config's scale. */
import { encoderSchema } from "../../src/config/encoder.ts";
import { barlowTwinsSchema, vicregSchema } from "../../src/config/pretrain.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { barlowTwins as barlowTwinsLoss } from "../../src/losses/barlow-twins.ts";
import { vicreg as vicregLoss } from "../../src/losses/vicreg.ts";
import { initialise, unflatten } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { halves } from "../embed.ts";
import type { Method } from "../method.ts";
import { barlowTwins } from "./barlow-twins.ts";
import { vicreg } from "./vicreg.ts";

await startEngine({ threads: 1 });
const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));
const setting = { images: 8, batchSize: 4, updatesPerEpoch: 2 };
const sizes = { projectionHidden: 8, projectionSize: 4, scale: 0.25 };

/** Asserts that a method's loss is a quarter of what `whole` makes of its embeddings. */
const isQuarter = (method: Method, whole: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Scalar) =>
  tf.tidy(() => {
    const draw = rngOf(2, "views");
    const views = [
      tf.tensor4d(
        Float32Array.from({ length: 8 * 16 * 16 }, () => draw.next()),
        [8, 16, 16, 1],
      ),
    ];
    const params = unflatten(tf.tensor1d(initialise(method.specs, (name) => rngOf(1, name))), method.specs);
    const { loss, embeddings } = method.loss({ params, views, groups: tf.tensor1d(range(4), "int32"), carried: {}, scalars: {} });
    assertClose(loss.dataSync(), [whole(...halves(embeddings)).dataSync()[0] / 4], { rtol: 1e-5 });
  });

describe("the scale of a loss", (test) => {
  test("is a factor on Barlow Twins, whatever lambda", () => {
    const config = barlowTwinsSchema.parse({ name: "barlow-twins", ...sizes, lambda: 0.3 });
    isQuarter(barlowTwins(config, encoder, setting), (a, b) => barlowTwinsLoss(a, b, 0.3));
  });
  test("is a factor on VICReg, whatever its weights", () => {
    const weights = { invariance: 3, variance: 5, covariance: 7 };
    isQuarter(vicreg(vicregSchema.parse({ name: "vicreg", ...sizes, ...weights }), encoder, setting), (a, b) => vicregLoss(a, b, weights));
  });
});
