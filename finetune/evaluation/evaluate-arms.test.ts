import * as assert from "uvu/assert";
import type { Arm } from "../../src/config/arm.ts";
import { evaluationSchema } from "../../src/config/evaluation.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { positiveLogOdds, calibratedShares } from "../../src/metrics/class-shares.ts";
import type { Prediction } from "../predictions.ts";
import { evaluateArms } from "./evaluate-arms.ts";
import type { EvaluationTerms, Replicate } from "./terms.ts";

const FOLDS = 4;
const terms = (classes = ["benign", "malignant"], seeds = 1): EvaluationTerms => ({
  data: { classes, folds: FOLDS, repeats: 1 },
  finetune: { seeds },
  seed: 3,
  transductive: false,
  analysis: { bootstraps: 200, permutations: 199 },
});
const arm = (initialisation: Arm["initialisation"]): Arm => ({ protocol: "finetune", initialisation, labels: 1 });

/** 120 images of 60 groups in 4 folds, of which a model knows the class by `shift`; temperature 2 and threshold 0.4 + fold/100 chosen inside. */
function training(shift: number, name: string, classes = ["benign", "malignant"], chosen = true): Replicate {
  const rng = rngOf(1, "evaluation", name);
  const predictions = range(120).map((i): Prediction => {
    const group = Math.floor(i / 2);
    const label = group % classes.length;
    const logits = classes.map((_, c) => (c === label ? shift : 0) + rng.normal());
    const shares = calibratedShares(logits, 2);
    return {
      ...{ image: `i${String(i).padStart(3, "0")}`, group: `g${group}`, label: classes[label], fold: Math.floor(group / 2) % FOLDS },
      ...{ score: positiveLogOdds(logits), probability: shares[shares.length - 1], shares },
    };
  });
  const calibration = (fold: number) => ({
    ...{ temperature: 2, thresholds: { youden: 0.4 + fold / 100, cost: 0.2 }, epochs: 3, images: 20, groups: 10, auroc: 0.7, logLoss: 0.6 },
  });
  return { predictions, calibrations: range(FOLDS).map((fold) => (chosen ? calibration(fold) : null)) };
}
const labels = range(120).map((i) => Math.floor(i / 2) % 2);

describe("evaluateArms", (test) => {
  test("says what its schema says, for one training and for several, with and without an inner split, for two classes and for three", () => {
    for (const classes of [
      ["benign", "malignant"],
      ["normal", "benign", "malignant"],
    ])
      for (const seeds of [1, 2])
        for (const chosen of [true, false]) {
          const of = (shift: number) => range(seeds).map((s) => training(shift, `${shift} ${s}`, classes, chosen));
          const found = evaluateArms(
            [
              { arm: arm("pretrained"), replicates: of(1) },
              { arm: arm("scratch"), replicates: of(0.5) },
            ],
            terms(classes, seeds),
          );
          evaluationSchema.parse(JSON.parse(JSON.stringify({ ...found, shortcuts: null, baselines: [] })));
          assert.is(found.models[0].operating.length, chosen ? 2 : 0);
          assert.is(found.models[0].ensembleAuroc !== null, seeds > 1);
          assert.is(found.models[0].macroAuroc !== null, classes.length > 2);
        }
  });

  test("ranks by raw scores, and takes means over trainings", () => {
    const replicates = [training(1, "a"), training(0.2, "b")];
    const [model] = evaluateArms([{ arm: arm("scratch"), replicates }], terms(undefined, 2)).models;
    const areas = replicates.map(({ predictions }) =>
      auroc(
        labels,
        predictions.map(({ score }) => score),
      ),
    );
    assert.ok(Math.abs(model.auroc.estimate - (areas[0] + areas[1]) / 2) < 1e-12);
    assert.is(model.trainings, 2);
  });

  test("judges each fold by its own threshold", () => {
    const one = training(1, "a");
    const [youden] = evaluateArms([{ arm: arm("scratch"), replicates: [one] }], terms()).models[0].operating;
    const called = one.predictions.map(({ probability, fold }) => probability >= 0.4 + fold / 100);
    const hits = range(120).filter((i) => called[i] && labels[i] === 1).length;
    assert.is(youden.truePositives, hits);
    assert.is(youden.sensitivity.estimate, hits / 60);
    assert.equal(youden.thresholds, [0.4, 0.4 + 3 / 100]);
  });

  test("compares the first arm with each other one, and adjusts for how many there are", () => {
    const arms = (["pretrained", "scratch", "imagenet"] as const).map((initialisation, i) => ({
      arm: arm(initialisation),
      replicates: [training([2, 0.2, 2][i], initialisation)],
    }));
    const { comparisons } = evaluateArms(arms, terms());
    assert.equal(
      comparisons.map(({ a, b }) => [a, b]),
      [
        ["pretrained", "scratch"],
        ["pretrained", "imagenet"],
      ],
    );
    assert.ok(comparisons.every(({ p, pHolm }) => pHolm >= p));
    assert.match(comparisons[0].sentence, /60 groups\): pretrained ranks better\.$/);
    assert.match(comparisons[1].sentence, /the data do not tell them apart\.$/);
    assert.ok(comparisons[0].pDelong! < 0.05 && comparisons[0].foldT!.p < 0.05);
  });

  test("looks into parts of the data, and says nothing of parts with few groups", () => {
    const one = training(1, "a");
    const site = range(120).map((i) => (i < 110 ? "north" : "south"));
    const [model] = evaluateArms([{ arm: arm("scratch"), replicates: [one] }], terms(), new Map([["site", site]])).models;
    const [north, south] = model.strata;
    const part = range(110);
    assert.is(
      north.auroc!.estimate,
      auroc(
        part.map((i) => labels[i]),
        part.map((i) => one.predictions[i].score),
      ),
    );
    assert.equal([south.value, south.images, south.groups, south.auroc], ["south", 10, 5, null]);
  });
});
