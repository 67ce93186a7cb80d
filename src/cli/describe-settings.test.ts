import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { describeSettings } from "./describe-settings.ts";

describe("describeSettings", (test) => {
  const text = describeSettings();
  test("lists nested settings with their defaults and meanings", () =>
    assert.match(text, /finetune\.epochs=40 +passes over the training folds/));
  test("lists the defaults that a parent overrides", () => assert.match(text, /finetune\.augment\.cropScale=\[0\.7,1\]/));
  test("lists the settings of a method inside a union", () => assert.match(text, /pretrain\.method\.temperature=0\.2/));
});
