/** @file The form, the list of images and the words of an answer. */
import * as assert from "uvu/assert";
import { z } from "zod";
import { attributionSchema } from "../../../src/config/explain.ts";
import { describe } from "../../../src/testing/describe.ts";
import { recordOf, sourceOf } from "./answer-words.ts";
import { arrangeImages } from "./arrange-images.ts";
import { defaultsOf, fieldsOf, readField, titleOf, type MethodSchema } from "./form-fields.ts";

const schemas = attributionSchema.options.map((option) => ({
  name: option.shape.name.value,
  schema: z.toJSONSchema(option, { io: "input" }) as MethodSchema,
}));

describe("fieldsOf", (test) => {
  for (const { name, schema } of schemas)
    test(`the untouched form of ${name} means what its schema means by default`, () => {
      assert.equal(attributionSchema.parse(defaultsOf(name, schema)), attributionSchema.parse({ name }));
      assert.ok(titleOf(name, schema).length > 0);
    });

  test("follows the schema of the integrated gradients", () => {
    const fields = fieldsOf(schemas.find(({ name }) => name === "integrated-gradients")!.schema);
    const steps = fields.find((field) => field.name === "steps")!;
    assert.equal([steps.kind, steps.whole, steps.min, steps.max, steps.initial], ["number", true, 2, 500, 32]);
    const baseline = fields.find((field) => field.name === "baseline")!;
    assert.equal([baseline.kind, baseline.choices, baseline.initial], ["choice", ["zero", "mean"], "zero"]);
    assert.not(fields.some((field) => field.name === "name"));
  });

  test("words camel case apart, and knows switches", () => {
    const [field] = fieldsOf({ properties: { smoothMap: { type: "boolean", default: true } } });
    assert.equal([field!.label, field!.kind, field!.initial], ["Smooth map", "switch", true]);
  });
});

describe("readField", (test) => {
  const number = fieldsOf({ properties: { n: { type: "integer", minimum: 2, maximum: 9 } } })[0]!;

  test("takes allowed numbers only", () => {
    assert.equal(
      ["2", "9", "1", "10", "2.5", "", "x"].map((text) => readField(number, text)),
      [2, 9, undefined, undefined, undefined, undefined, undefined],
    );
  });

  test("takes listed choices only", () => {
    const choice = fieldsOf({ properties: { c: { enum: ["a", "b"] } } })[0]!;
    assert.equal(
      ["a", "c"].map((text) => readField(choice, text)),
      ["a", undefined],
    );
  });
});

describe("arrangeImages", (test) => {
  const images = [
    { image: "bus-10", label: "benign", fold: 0, probability: 0.9 },
    { image: "bus-9", label: "malignant", fold: 1, probability: 0.8 },
    { image: "bus-2", label: "malignant", fold: 1, probability: 0.3 },
  ];
  const names = (...args: [string, Parameters<typeof arrangeImages>[3]]) =>
    arrangeImages(images, "malignant", ...args).map(({ image }) => image);

  test("orders numbers in names as numbers", () => {
    assert.equal(names("", "name"), ["bus-2", "bus-9", "bus-10"]);
  });

  test("puts the largest error first, whichever class it is", () => {
    assert.equal(names("", "error"), ["bus-10", "bus-2", "bus-9"]);
    assert.equal(names("", "probability"), ["bus-2", "bus-9", "bus-10"]);
  });

  test("lists one class where asked, and leaves the list itself alone", () => {
    assert.equal(names("malignant", "name"), ["bus-2", "bus-9"]);
    assert.is(images[0]!.image, "bus-10");
  });
});

describe("words of an answer", (test) => {
  const models = [{ fold: 2, probability: 0.7 }];
  const heldOut = { image: "a", label: "benign", fold: 2, probability: 0.7 };

  test("a held-out answer names its fold; a mean warns of training images", () => {
    assert.match(sourceOf({ models, heldOut }), /model of fold 2, the only one that did not train on this patient/);
    assert.match(
      sourceOf({ models: [...models, ...models], heldOut: null }),
      /^Mean of the 2 fold models\. If the image is in the study's data/,
    );
  });

  test("a record that is not reproduced is said so", () => {
    assert.match(recordOf({ heldOut, probability: 0.7001 }), /recorded 0\.700, the same\.$/);
    assert.match(recordOf({ heldOut, probability: 0.71 }), /which differs/);
    assert.is(recordOf({ heldOut: null, probability: 0.7 }), "");
  });
});
