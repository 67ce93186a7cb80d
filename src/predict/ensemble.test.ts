import * as assert from "uvu/assert";
import { describeModel } from "../onnx/describe-model.ts";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { decide, ensembleOf, thresholdOf } from "./ensemble.ts";
import type { Member } from "./member.ts";

const encoder = { name: "cnn", width: 4, outputStride: 8 } as const;

interface Answers {
  thresholds?: Record<string, number>;
  imageSize?: number;
  classes?: string[];
}

/** Answers every image with the same shares. */
function member(source: string, shares: number[], { thresholds, imageSize = 2, classes = ["benign", "malignant"] }: Answers = {}): Member {
  const calibration = thresholds ? { temperature: 1, thresholds } : null;
  return {
    source,
    metadata: describeModel(encoder, { imageSize, classes, calibration }),
    probabilities: async (levels) =>
      Float32Array.from({ length: (levels.length / imageSize ** 2) * shares.length }, (_, i) => shares[i % shares.length]),
    close: () => Promise.resolve(),
  };
}

describe("ensembleOf", (test) => {
  test("gives the mean of probabilities and of thresholds, and says so", async () => {
    const ensemble = ensembleOf([
      member("a", [0.75, 0.25], { thresholds: { youden: 0.25, cost: 0.5 } }),
      member("b", [0.25, 0.75], { thresholds: { youden: 0.5, cost: 0.125 } }),
      member("c", [0.5, 0.5], { thresholds: { youden: 0.75 } }),
    ]);
    const shares = await ensemble.probabilities(new Uint8Array(8));
    assert.is(shares.length, 2);
    assertClose(shares.flat(), [0.5, 0.5, 0.5, 0.5], { atol: 1e-7 });
    assert.equal(
      ensemble.thresholds.map(({ rule, value }) => [rule, value]),
      [["youden", 0.5]], // the cost threshold is not there in every model
    );
    assert.is(ensemble.sentence, "mean of the probabilities of 3 models, and of their thresholds: a, b, c");
    assert.is(ensembleOf([member("a", [0.5, 0.5])]).sentence, "a");
  });
  test("refuses models for another image size or of other classes, and names both", async () => {
    const first = member("a", [0.5, 0.5]);
    await assertUserError(
      () => ensembleOf([first, member("b", [0.5, 0.5], { imageSize: 64 })]),
      /^b: the model's imageSize is 64, and that of a is 2; ask models of one study$/,
    );
    await assertUserError(
      () => ensembleOf([first, member("b", [0.5, 0.5], { classes: ["malignant", "benign"] })]),
      /^b: the model's classes is malignant,benign, and that of a is benign,malignant/,
    );
  });
});

describe("thresholdOf", (test) => {
  const ensemble = ensembleOf([member("a", [0.5, 0.5], { thresholds: { cost: 0.25, youden: 0.5 } })]);
  test("takes the first rule unless another, a number or the most probable class is asked for", () => {
    assert.equal(
      [undefined, "cost", "0.3", "1", "most-probable"].map((asked) => thresholdOf(ensemble, asked)?.value),
      [0.5, 0.25, 0.3, 1, undefined],
    );
    assert.is(thresholdOf(ensembleOf([member("a", [0.5, 0.5])]), undefined), undefined);
  });
  test("refuses a rule that the model has not, and a number that is no probability", async () => {
    for (const asked of ["yuden", "1.5", "-0.1", "", "NaN"])
      await assertUserError(
        () => thresholdOf(ensemble, asked),
        /^--threshold .*: the model has no threshold of this name; give one of youden, cost, most-probable, or/,
      );
  });
});

describe("decide", (test) => {
  const three = { classes: ["normal", "benign", "malignant"], positiveClass: "malignant" };
  const at = (value: number) => ({ rule: "given", value, meaning: "" });
  test("calls positive at or above the threshold, however probable the others are", () => {
    assert.is(decide(three, [0.5, 0.25, 0.25], at(0.25)), "malignant");
    assert.is(decide(three, [0.5, 0.25, 0.25], at(0.26)), "normal");
  });
  test("tells the most probable of the others below the threshold", () => assert.is(decide(three, [0.1, 0.2, 0.7], at(0.8)), "benign"));
  test("tells the most probable class without a threshold", () => {
    assert.is(decide(three, [0.1, 0.2, 0.7]), "malignant");
    assert.is(decide(three, [0.4, 0.4, 0.2]), "normal");
  });
});
