/** @file Learning rates by depth, against depths that were listed by hand for every encoder. */
import * as assert from "uvu/assert";
import { encoderSchema, type EncoderConfig } from "../../src/config/encoder.ts";
import { classifierNetwork } from "../../src/models/classifier-network.ts";
import { sizeOf } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { layerDepths, rateFactors } from "./learning-rates.ts";

const STAGES = { stem: 5, stage1: 4, stage2: 3, stage3: 2, stage4: 1 };

/** Beginnings of parameter names with their depth; every parameter begins with one of them. */
const BY_HAND: Record<EncoderConfig["name"], Record<string, number>> = {
  resnet10: STAGES,
  resnet18: STAGES,
  resnet34: STAGES,
  resnet50: STAGES,
  cnn: STAGES,
  "convnext-atto": { ...STAGES, last: 1 },
  "convnext-tiny": { ...STAGES, last: 1 },
  // stem, 16 blocks, last convolution
  "efficientnet-lite0": {
    stem: 18,
    "stage1.block1": 17,
    "stage2.block1": 16,
    "stage2.block2": 15,
    "stage3.block1": 14,
    "stage3.block2": 13,
    "stage4.block1": 12,
    "stage4.block2": 11,
    "stage4.block3": 10,
    "stage5.block1": 9,
    "stage5.block2": 8,
    "stage5.block3": 7,
    "stage6.block1": 6,
    "stage6.block2": 5,
    "stage6.block3": 4,
    "stage6.block4": 3,
    "stage7.block1": 2,
    last: 1,
  },
};

describe("layerDepths", (test) => {
  for (const [name, listed] of Object.entries(BY_HAND))
    test(`of ${name} are those listed by hand`, () => {
      const encoder = encoderOf(encoderSchema.parse({ name, width: 4 }));
      const expected = encoder.specs.map((spec) => {
        const found = Object.keys(listed).filter((beginning) => spec.name === beginning || spec.name.startsWith(`${beginning}.`));
        assert.is(found.length, 1, spec.name);
        return listed[found[0]];
      });
      assert.equal(layerDepths(encoder), expected);
      assert.equal(new Set(expected), new Set(Object.values(listed)));
    });
});

describe("rateFactors", (test) => {
  const network = classifierNetwork(encoderSchema.parse({ width: 4 }), 2);
  const [all, encoders] = [sizeOf(network.specs), sizeOf(network.encoder.specs)];

  test("are 1 in the encoder and the head's rate beyond it where nothing decays", () => {
    const expected = new Float32Array(all).fill(1).fill(5, encoders);
    assert.equal(rateFactors(network.encoder, network.specs, { headRate: 5, layerDecay: 1 }), expected);
  });

  test("are powers of the decay by depth, and leave the head its rate", () => {
    const factors = rateFactors(network.encoder, network.specs, { headRate: 3, layerDecay: 0.5 });
    assert.is(factors.length, all);
    assert.is(factors[0], 1 / 32); // the stem's kernel
    assert.is(factors[encoders - 1], 1 / 2); // the last parameter of stage 4
    assertClose([factors[encoders], factors[all - 1]], [3, 3], {});
    const stem = sizeOf(network.encoder.specs.filter(({ name }) => name.startsWith("stem")));
    assert.equal([factors[stem - 1], factors[stem]], [1 / 32, 1 / 16]);
  });
});
