import * as assert from "uvu/assert";
import { z } from "zod";
import { describe } from "../testing/describe.ts";
import { describeSettings } from "./describe-settings.ts";

describe("describeSettings", (test) => {
  const text = describeSettings();
  test("lists nested settings with their defaults and meanings", () =>
    assert.match(text, /finetune\.epochs=40 +passes over the training folds/));
  test("lists the defaults that a parent overrides", () => assert.match(text, /finetune\.augment\.cropScale=\[0\.7,1\]/));
  test("lists the settings of a method, and which methods there are", () => {
    assert.match(text, /pretrain\.method\.temperature=0\.2/);
    assert.match(text, /pretrain\.method\.name=simclr +which one \(simclr \| moco \| byol/);
  });
  test("lists what a choice may be", () => {
    assert.match(text, /pretrain\.optimiser\.name="sgd" +update rule \(sgd \| adamw \| lars\)/);
    assert.match(text, /encoder\.outputStride=8 .*\(8 \| 16 \| 32\)/);
  });
  test("gives each method's setting its own default, and says whose it is", () => {
    const heat = (name: string, value: number) =>
      z.strictObject({ name: z.literal(name), heat: z.number().default(value).describe("how hot") });
    const union = z.discriminatedUnion("name", [heat("a", 1), heat("b", 2)]).default({ name: "a", heat: 1 });
    const lines = describeSettings(z.strictObject({ method: union }));
    assert.match(lines, /method\.heat=1 +a: how hot/);
    assert.match(lines, /method\.heat=2 +b: how hot/);
  });
});
