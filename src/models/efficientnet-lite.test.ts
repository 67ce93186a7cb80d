/** @file What only EfficientNet-Lite has: its published size and cost, padding on either side, pixels scaled inside. */
import * as assert from "uvu/assert";
import type { EncoderConfig } from "../config/encoder.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { features, images, score, startOf, unitStatistics } from "../testing/encoders.ts";
import { describeEncoder } from "./describe.ts";
import { conv } from "./layers.ts";
import { sizeOf } from "./network.ts";
import { fixedMode } from "./norm-statistics.ts";
import { encoderOf } from "./registry.ts";

await startEngine({ threads: 1 });

describe("efficientnet-lite0", (test) => {
  const published: EncoderConfig = { name: "efficientnet-lite0", width: 16, outputStride: 32 };
  const classifier = 1280 * 1000 + 1000;
  const colours = 3 * 3 * 2 * 32; // the two channels of the stem that grey images lack

  test("has the 4 652 008 parameters of the published network, less its classifier and two input channels", () => {
    assert.is(sizeOf(encoderOf(published).specs), 4_652_008 - classifier - colours);
    assert.is(encoderOf(published).featureSize, 1280);
  });

  test("costs what a naive sum over the table of stages says", () => {
    const table = [[1, 3, 1, 1, 16], [2, 3, 2, 6, 24], [2, 5, 2, 6, 40], [3, 3, 2, 6, 80], [3, 5, 1, 6, 112], [4, 5, 2, 6, 192], [1, 3, 1, 6, 320]]; // prettier-ignore
    let [side, from, sum] = [112, 32, 9 * 32 * 112 ** 2];
    for (const [blocks, size, stride, expansion, to] of table)
      for (let i = 0; i < blocks; i++) {
        const inner = expansion * from;
        if (expansion > 1) sum += from * inner * side ** 2;
        side /= i === 0 ? stride : 1;
        sum += (size ** 2 * inner + inner * to) * side ** 2;
        from = to;
      }
    assert.is(describeEncoder(encoderOf(published), 224).flops, 2 * (sum + 320 * 1280 * side ** 2));
  });

  test("pads strided convolutions as published at stride 32, and on the other side but for the last one under it", () => {
    for (const outputStride of [8, 16, 32] as const) {
      const strided = encoderOf({ ...published, outputStride }).convs.filter(({ stride }) => stride > 1);
      assert.is(2 ** strided.length, outputStride);
      assert.equal(
        strided.map(({ oddPadFirst }) => oddPadFirst ?? false),
        strided.map((_, i) => outputStride < 32 && i < strided.length - 1),
      );
    }
  });

  test("sees, at stride 32, 15.5 px right and down of a cell: half a pixel of its input for each strided convolution", () => {
    const config: EncoderConfig = { ...published, width: 8 };
    const side = 8 * 32;
    const { mode, dispose } = fixedMode(unitStatistics(config));
    const slope = tf.tidy(() => {
      const seen = (x: tf.Tensor) => score(tf.slice(features(config, tf.tensor1d(startOf(config)), x, mode), [0, 3, 3, 0], [-1, 1, 1, -1]));
      return tf.grad(seen)(images(4, side)).abs().sum([0, 3]).dataSync(); // [side, side]
    });
    dispose();
    const sums = { weight: 0, y: 0 };
    slope.forEach((weight, i) => {
      sums.weight += weight;
      sums.y += weight * (Math.floor(i / side) + 0.5);
    });
    assertClose(sums.y / sums.weight - 3.5 * 32, 15.5, { atol: 4 }, "shift in pixels");
  });
});

describe("conv with an odd zero first", (test) => {
  const image = tf.tensor4d([1, 2, 3, 4], [1, 4, 1, 1]);
  const params = new Map([["c.kernel", tf.tensor4d([0, 1, 0, 0, 10, 0, 0, 100, 0], [3, 3, 1, 1])]]);
  const spec = { name: "c", size: 3, from: 1, to: 1, stride: 2 };

  test("reads one row before, where the usual padding reads one after", () => {
    tf.tidy(() => {
      assertClose(conv(params, spec, image).dataSync(), [1 + 20 + 300, 3 + 40], {});
      assertClose(conv(params, { ...spec, oddPadFirst: true }, image).dataSync(), [10 + 200, 2 + 30 + 400], {});
    });
  });

  test("does not differ where the side is odd, or for a depthwise kernel of one channel", () => {
    tf.tidy(() => {
      const odd = tf.slice(image, [0, 0, 0, 0], [1, 3, 1, 1]);
      assertClose(conv(params, { ...spec, oddPadFirst: true }, odd).dataSync(), conv(params, spec, odd).dataSync(), {});
      const depthwise = { ...spec, depthwise: true, oddPadFirst: true } as const;
      assertClose(conv(params, depthwise, image).dataSync(), [10 + 200, 2 + 30 + 400], {});
    });
  });
});
