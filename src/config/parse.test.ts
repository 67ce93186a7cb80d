import * as assert from "uvu/assert";
import { z } from "zod";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { applyOverrides, parseConfig } from "./parse.ts";
import { studySchema } from "./study.ts";

const anything = z.looseObject({});
const methods = z.strictObject({
  method: z.discriminatedUnion("name", [
    z.strictObject({ name: z.literal("a"), heat: z.number().default(1) }),
    z.strictObject({ name: z.literal("b"), weight: z.number().default(2) }),
  ]),
  rule: z.strictObject({ name: z.enum(["x", "y"]), rate: z.number() }),
});
const minimal = { name: "s", data: { source: "folder:x" } };

describe("parseConfig", (test) => {
  test("fills every default", () => {
    const study = parseConfig(studySchema, minimal, "study");
    assert.is(study.pretrain.method.name, "simclr");
    assert.equal(study.finetune.augment.cropScale, [0.7, 1]);
  });
  test("names a mistyped key and the key that was meant", () =>
    assertUserError(
      () => parseConfig(studySchema, { ...minimal, pretrain: { epoch: 3 } }, "study"),
      /unknown key "pretrain\.epoch": did you mean "epochs"\?/,
    ));
  test("names a mistyped key of a method inside a union", () =>
    assertUserError(
      () => parseConfig(studySchema, { ...minimal, pretrain: { method: { name: "simclr", temprature: 0.1 } } }, "study"),
      /"pretrain\.method\.temprature": did you mean "temperature"/,
    ));
  test("offers only the keys of the chosen method", () =>
    assertUserError(
      () => parseConfig(methods, { method: { name: "b", heat: 1 }, rule: { name: "x", rate: 1 } }, "study"),
      /^study: unknown key "method\.heat": known keys: name, weight$/,
    ));
  test("tells the value it saw", () =>
    assertUserError(() => parseConfig(studySchema, { ...minimal, seed: -1 }, "study"), /seed: .*got -1/));
});

describe("applyOverrides", (test) => {
  test("sets nested values and reads JSON where it is JSON", () => {
    assert.equal(applyOverrides(anything, { a: { b: 1 } }, ["a.b=2", "a.c=x", "d.e=[1,2]"]), { a: { b: 2, c: "x" }, d: { e: [1, 2] } });
  });
  test("drops the old method's settings with its name, and keeps those of a plain choice", () => {
    const changed = applyOverrides(methods, { method: { name: "a", heat: 3 }, rule: { name: "x", rate: 5 } }, [
      "method.name=b",
      "rule.name=y",
    ]);
    assert.equal(changed, { method: { name: "b" }, rule: { name: "y", rate: 5 } });
  });
  test("does not change its input", () => {
    const input = { a: { b: 1 } };
    applyOverrides(anything, input, ["a.b=2"]);
    assert.is(input.a.b, 1);
  });
  test("refuses what is no assignment, and paths into prototypes", async () => {
    await assertUserError(() => applyOverrides(anything, {}, ["epochs"]), /must read path=value/);
    await assertUserError(() => applyOverrides(anything, {}, ["__proto__.x=1"]), /not a path/);
  });
});
