import * as assert from "uvu/assert";
import { compareAurocs } from "../../src/metrics/compare-aurocs.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { compareModels, type ComparedModel } from "./compare-models.ts";
import type { Prediction } from "../predictions.ts";

const terms = { seed: 1, analysis: { bootstraps: 200, permutations: 199 } };
const arm = { protocol: "finetune", initialisation: "scratch", labels: 1 } as const;

/** Images from … to, two a group, classes by group; the score knows the class by `shift`. */
function model(name: string, shift: number, { from = 0, to = 120, folds = 4, shuffled = false } = {}): ComparedModel {
  const rng = rngOf(5, "compare", name);
  const rows = range(to - from).map((i): Prediction => {
    const group = (from + i) >> 1;
    const score = (group % 2) * shift + rng.normal();
    const probability = 1 / (1 + Math.exp(-score));
    return {
      ...{ image: `i${from + i}`, group: `g${group}`, label: group % 2 === 1 ? "malignant" : "benign", fold: (group >> 1) % folds },
      ...{ score, probability, shares: [1 - probability, probability] },
    };
  });
  return { name, arm, classes: ["benign", "malignant"], trainings: [shuffled ? rows.reverse() : rows] };
}

describe("compareModels", (test) => {
  test("is the paired comparison of the images that both have, in whatever order", () => {
    const [a, b] = [model("a", 2), model("b", 0.3, { from: 40, to: 160, shuffled: true })];
    const found = compareModels(a, b, terms);
    const common = a.trainings[0].filter(({ image }) => Number(image.slice(1)) >= 40).sort((x, y) => (x.image < y.image ? -1 : 1));
    const of = new Map(b.trainings[0].map((row) => [row.image, row]));
    const direct = compareAurocs({
      labels: common.map(({ label }) => Number(label === "malignant")),
      groups: common.map(({ group }) => group),
      a: common.map(({ score }) => score),
      b: common.map(({ image }) => of.get(image)!.score),
      ...terms.analysis,
      rng: rngOf(1, "evaluate", "comparison"),
    });
    assert.equal([found.delta, found.p], [direct.delta, direct.p]);
    assert.equal([found.images, found.groups, found.leftOut, found.sameFolds], [80, 40, 80, true]);
    assert.match(found.sentence, /^AUROC of a minus b: .*: a ranks better\.$/);
  });
  test("says where folds differ, and compares no folds then", () => {
    const found = compareModels(model("a", 1), model("b", 1, { folds: 3 }), terms);
    assert.equal([found.sameFolds, found.foldT], [false, null]);
  });
  test("refuses models of other data, and of another question", () => {
    const a = model("a", 1);
    assert.throws(() => compareModels(a, model("b", 1, { from: 500, to: 520 }), terms), /have no held-out image in common/);
    assert.throws(() => compareModels(a, { ...model("b", 1), classes: ["malignant", "benign"] }, terms), /compare models of one question/);
    const [rows] = model("b", 1).trainings;
    const other = { ...model("b", 1), trainings: [[{ ...rows[0], label: "malignant" }, ...rows.slice(1)]] };
    assert.throws(() => compareModels(a, other, terms), /the image i0 is benign in a and malignant in b/);
  });
});
