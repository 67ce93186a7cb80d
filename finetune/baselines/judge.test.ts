import * as assert from "uvu/assert";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { binomialBand } from "../../src/testing/type-one.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { mean } from "../../src/metrics/moments.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { EvaluationTerms } from "../evaluation/terms.ts";
import { heldOutPredictions } from "./held-out.ts";
import { judge } from "./judge.ts";
import type { BaselinePredictions } from "./predictions.ts";

const terms: EvaluationTerms = {
  data: { classes: ["benign", "malignant"], folds: 4, repeats: 1 },
  finetune: { seeds: 1 },
  seed: 2,
  transductive: false,
  analysis: { bootstraps: 200, permutations: 99 },
};
const cases = { labels: range(60).map((i) => Math.floor(i / 2) % 2), groups: range(60).map((i) => Math.floor(i / 2)) };
const told = (name: string, known: (i: number) => boolean = () => true): BaselinePredictions => {
  const rng = rngOf(3, name);
  const values = cases.labels.map((label) => label + rng.normal());
  return {
    ...{ name: "coarse-shape", title: "Coarse lesion shape", note: "" },
    features: [
      { name: "size", unit: "pixels", values: values.map((value, i) => (known(i) ? value : undefined)) },
      { name: "side", unit: "", values: values.map((_, i) => (known(i) ? "left" : undefined)) },
    ],
    predictions: values.map((value, i) =>
      known(i) ? { score: value, probability: 1 / (1 + Math.exp(0.5 - value)), fold: Math.floor(i / 4) % 3 } : null,
    ),
    missing: range(60).filter((i) => !known(i)).length,
  };
};
const scoresOf = ({ predictions }: BaselinePredictions, images: readonly number[]) => images.map((i) => predictions[i]!.score);
const at = (images: readonly number[]) => images.map((i) => cases.labels[i]);

describe("judge", (test) => {
  test("judges baseline and arm on the images that the baseline knows, and tells their difference", () => {
    const one = told("a", (i) => i % 7 !== 0);
    const images = range(60).filter((i) => i % 7 !== 0);
    const scores = told("arm").predictions.map((found) => found!.score);
    const found = judge([one], cases, { terms, arm: { name: "pretrained", trainings: [{ deal: 0, scores }] } });
    assert.equal([found.images, found.missing, found.positives], [images.length, 60 - images.length, mean(at(images)) * images.length]);
    const [own, others] = [
      auroc(at(images), scoresOf(one, images)),
      auroc(
        at(images),
        images.map((i) => scores[i]),
      ),
    ];
    assertClose(found.performance!.auroc.estimate, own, { atol: 1e-12 });
    const inFolds = range(3).map((fold) => images.filter((i) => Math.floor(i / 4) % 3 === fold));
    const pairs = inFolds.map(
      (held) => at(held).reduce((sum, label) => sum + label, 0) * at(held).reduce((sum, label) => sum + 1 - label, 0),
    );
    const won = inFolds.reduce((sum, held, k) => sum + pairs[k] * auroc(at(held), scoresOf(one, held)), 0);
    assertClose(found.performance!.procedureAuroc!.estimate, won / pairs.reduce((sum, count) => sum + count, 0), { atol: 1e-12 });
    assertClose(found.against!.auroc.estimate, others, { atol: 1e-12 });
    assertClose(found.against!.delta.estimate, others - own, { atol: 1e-12 });
    assertClose(found.performance!.brier.estimate, mean(images.map((i) => (one.predictions[i]!.probability - cases.labels[i]) ** 2)), {
      atol: 1e-12,
    });
    assert.equal(
      found.features.map(({ auroc: alone }) => alone?.estimate ?? null),
      [found.performance!.auroc.estimate, null],
    );
  });

  test("takes means over deals, and compares each training with the baseline of its own deal", () => {
    const deals = [told("a"), told("b")];
    const all = range(60);
    const trainings = [0, 0, 1, 1].map((deal, r) => ({ deal, scores: scoresOf(told(`arm ${r}`), all) }));
    const found = judge(deals, cases, { terms, arm: { name: "pretrained", trainings } });
    const own = mean(deals.map((one) => auroc(cases.labels, scoresOf(one, all))));
    assertClose(found.performance!.auroc.estimate, own, { atol: 1e-12 });
    assertClose(found.against!.delta.estimate, mean(trainings.map(({ scores }) => auroc(cases.labels, scores))) - own, { atol: 1e-12 });
  });

  test("says nothing where the images are of one class, and compares nothing where there is no arm", () => {
    const one = judge([told("a", (i) => cases.labels[i] === 1)], cases, { terms });
    assert.equal([one.performance, one.against, one.features[0].auroc], [null, null, null]);
    assert.is(judge([told("a")], cases, { terms }).against, null);
    assert.is(judge([told("a", () => false)], cases, { terms }).images, 0);
  });

  test("the procedure's interval holds 0.5 as often as it should where features mean nothing", () => {
    const studies = 40;
    const missed = range(studies).filter((seed) => {
      const rng = rngOf(seed, "judged noise");
      const shared = range(30).map(() => [rng.normal(), rng.normal()]);
      const rows = cases.groups.map((group) => shared[group].map((value) => value + 0.5 * rng.normal()));
      const folds = cases.groups.map((group) => Math.floor(group / 2) % 4);
      const predictions = heldOutPredictions(rows, { ...cases, folds });
      const { low, high } = judge([{ ...told("a"), features: [], predictions }], cases, { terms: { ...terms, seed } }).performance!
        .procedureAuroc!;
      return low > 0.5 || high < 0.5;
    }).length;
    assert.ok(missed <= binomialBand(studies, 0.05).most, `missed ${missed} of ${studies}`);
  });
});
