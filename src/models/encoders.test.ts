/** @file What every encoder of the registry must do; a new one is tested by being in the schema. encoder-gradients.test.ts has the rest. */
import * as assert from "uvu/assert";
import { encoderSchema, type EncoderConfig } from "../config/encoder.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { features, images, startOf, unitStatistics } from "../testing/encoders.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { describeEncoder } from "./describe.ts";
import { sizeOf } from "./network.ts";
import { fixedMode } from "./norm-statistics.ts";
import { encoderOf } from "./registry.ts";
import { decodeWeights, encodeWeights } from "./weights.ts";

await startEngine({ threads: 1 });

const NAMES = encoderSchema.shape.name.unwrap().options;

/** Multiply-adds of a forward pass, from the shapes of the convolutions that ran: every output reads every tap. */
async function countedMultiplyAdds(config: EncoderConfig, side: number): Promise<number> {
  const profile = await tf.profile(() => tf.tidy(() => features(config, tf.tensor1d(startOf(config)), images(1, side)).shape.length));
  return profile.kernels
    .filter(({ name }) => name === "Conv2D" || name === "DepthwiseConv2dNative")
    .map(({ name, inputShapes, outputShapes }) => {
      const [height, width, from] = inputShapes[1]!;
      const outputs = outputShapes[0].reduce((a, b) => a * b, 1);
      return outputs * height * width * (name === "Conv2D" ? from : 1);
    })
    .reduce((a, b) => a + b, 0);
}

for (const name of NAMES)
  describe(`encoder ${name}`, (test) => {
    const config: EncoderConfig = { name, width: 4, outputStride: 8 };
    const encoder = encoderOf(config);

    test("has the output stride that the config asks for, odd sides rounded up", () => {
      for (const outputStride of [8, 16, 32] as const) {
        const other: EncoderConfig = { ...config, outputStride };
        const grid = Math.ceil(33 / outputStride);
        const shape = tf.tidy(() => features(other, tf.tensor1d(startOf(other)), images(2, 33)).shape);
        assert.equal(shape, [2, grid, grid, encoderOf(other).featureSize]);
        assert.is(describeEncoder(encoderOf(other), 33).grid, grid);
      }
    });

    test("costs what the convolutions that run multiply and add, and its layers sum up to it", async () => {
      for (const side of [32, 33]) {
        const { flops, parameters, layers } = describeEncoder(encoder, side);
        assert.is(flops, 2 * (await countedMultiplyAdds(config, side)));
        assert.is(parameters, sizeOf(encoder.specs));
        assert.is(
          layers.reduce((sum, layer) => sum + layer.parameters, 0),
          parameters,
        );
      }
    });

    test("decays kernels only, and names no parameter twice", () => {
      for (const spec of encoder.specs) assert.is(spec.decay, spec.name.endsWith(".kernel"), spec.name);
      assert.is(new Set(encoder.specs.map((spec) => spec.name)).size, encoder.specs.length);
    });

    test("in fixed mode, gives the same bits again, and an image's features do not depend on its neighbours", () => {
      tf.tidy(() => {
        const { mode } = fixedMode(unitStatistics(config));
        const flat = tf.tensor1d(startOf(config, 0.1));
        const all = features(config, flat, images(3), mode);
        assert.equal(features(config, flat, images(3), mode).dataSync(), all.dataSync());
        const one = features(config, flat, tf.slice(images(3), 1, 1), mode);
        assertClose(one.dataSync(), tf.slice(all, 1, 1).dataSync(), { atol: 1e-4, rtol: 1e-4 }); // float32 sums in another order, layer after layer
      });
    });

    test("tells an observer of every norm once, in order", () => {
      const seen: string[] = [];
      tf.tidy(() => void features(config, tf.tensor1d(startOf(config)), images(2), { kind: "batch", observe: (norm) => seen.push(norm) }));
      assert.equal(
        seen,
        encoder.norms.map((norm) => norm.name),
      );
    });

    test("leaves no tensors behind", async () => {
      const flat = tf.tensor1d(startOf(config));
      const x = images(2);
      await expectNoLeak(() => tf.tidy(() => void features(config, flat, x)));
      tf.dispose([flat, x]);
    });

    test("comes back from a file as it went in; a file cut in half or of another architecture is refused in one sentence", async () => {
      const statistics = unitStatistics(config);
      const flat = startOf(config);
      const bytes = encodeWeights(encoder, { flat, statistics });
      const read = decodeWeights(encoder, bytes, "encoder.safetensors");
      assert.equal(read.flat, flat);
      assert.equal([...read.statistics], [...statistics]);
      await assertUserError(
        () => decodeWeights(encoder, bytes.subarray(0, bytes.length / 2), "encoder.safetensors"),
        /^encoder\.safetensors is not a safetensors file \(.*\): give a checkpoint that sonomark wrote\.$/,
      );
      for (const other of NAMES.filter((candidate) => candidate !== name))
        await assertUserError(
          () => decodeWeights(encoderOf({ ...config, name: other }), bytes, "encoder.safetensors"),
          /^encoder\.safetensors: \S+ should .*: the checkpoint is of another architecture$/,
        );
      await assertUserError(
        () => decodeWeights(encoderOf({ ...config, width: 5 }), bytes, "encoder.safetensors"),
        /of another architecture$/,
      );
    });
  });
