import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { assertUserError } from "../testing/close.ts";
import { augmentPresets, augmentSchema } from "./augment.ts";
import { applyOverrides, parseConfig } from "./parse.ts";
import { studySchema } from "./study.ts";

describe("augmentSchema", (test) => {
  test("starts from the preset, and what is given wins over it", () => {
    const parsed = augmentSchema.parse({ preset: "bmode-local", blur: 0 });
    assert.equal([parsed.preset, parsed.cropScale, parsed.blur, parsed.flip], ["bmode-local", [0.2, 0.8], 0, 0.5]);
  });

  test("is the same parsed once more", () => {
    for (const preset of Object.keys(augmentPresets)) {
      const parsed = parseConfig(augmentSchema, { preset, flip: 0.1 }, "study");
      assert.equal(augmentSchema.parse(parsed), parsed);
    }
  });

  test("gives no preset a shadow: it would hide or feign a sign of malignancy", () => {
    for (const preset of Object.values(augmentPresets)) assert.is(augmentSchema.parse(preset).shadow, 0);
  });

  test("has views that differ in byol-grey alone", () => {
    for (const [name, { perView = [] }] of Object.entries(augmentPresets)) assert.is(perView.length, name === "byol-grey" ? 2 : 0);
  });

  test("says which setting is wrong, in a list of views too", async () => {
    const parse = (given: unknown) => () => parseConfig(augmentSchema, given, "study x");
    await assertUserError(parse({ preset: "bmode" }), /preset: .*bmode-global/);
    await assertUserError(parse({ perView: [{ flp: 1 }] }), /unknown key "perView\.0\.flp": did you mean "flip"\?/);
    await assertUserError(parse({ perView: [{ flip: 2 }] }), /perView\.0\.flip: .*got 2/);
    await assertUserError(parse({ cropScale: [0.5, 0.2] }), /cropScale: the first number must not be above the second, got \[0\.5,0\.2\]/);
    await assertUserError(parse(5), /expected object/);
  });

  test("takes a preset from --set: it leaves nothing of the defaults that were filled in before", () => {
    const base = studySchema.parse({ name: "x", data: { source: "busi:x" } });
    const set = applyOverrides(studySchema, base, ["pretrain.augment.preset=bmode-local", "pretrain.augment.blur=0"]);
    const { augment } = studySchema.parse(set).pretrain;
    assert.equal([augment.cropScale, augment.blur], [[0.2, 0.8], 0]);
  });
});
