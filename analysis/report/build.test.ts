/** @file The report as data: that it keeps its schema, and that what it computes itself is what naive counting gives. */
import * as assert from "uvu/assert";
import { reportSchema } from "../../src/config/report.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { richFacts } from "../testing/rich-report.ts";
import { buildReport } from "./build.ts";
import { readHeldOut, trainingOf, type HeldOut } from "./held-out.ts";
import { labelEfficiency } from "./label-efficiency.ts";
import { shownArms } from "./shown-arms.ts";
import { trainings } from "./trainings.ts";
import { worstErrors } from "./worst-errors.ts";

const facts = richFacts();
const report = buildReport(facts);

describe("buildReport", (test) => {
  test("is what its schema says once it was written and read, for studies with and without an analysis and seeds", () => {
    assert.equal(reportSchema.parse(JSON.parse(JSON.stringify(report))), report);
    for (const bare of [{ ...facts, biomarkers: null, source: null }, richFacts({ finetune: { initialisations: ["scratch"] } })])
      reportSchema.parse(JSON.parse(JSON.stringify(buildReport(bare))));
  });
  test("holds no group", () => {
    assert.ok(facts.predictions.some(({ group }) => group === "secret-group-7"));
    assert.not.match(JSON.stringify(report), /secret-group/);
  });
  test("speaks of maps only where there are some", () => {
    const bare = buildReport({ ...facts, biomarkers: null });
    assert.is(bare.methods.length, 1);
    assert.not.match(bare.limits.join(), /Saliency/);
    assert.is(report.methods.length, 2);
  });
});

describe("trainings", (test) => {
  /** Pairs of a positive and a negative image that the score puts in order; ties count half. */
  const naive = (rows: readonly HeldOut[]): number => {
    let won = 0;
    let pairs = 0;
    for (const a of rows)
      for (const b of rows)
        if (a.positive === 1 && b.positive === 0) {
          pairs++;
          won += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
        }
    return won / pairs;
  };
  test("are the share of pairs in order and the mean squared error of each training by itself", () => {
    assert.is(report.trainings.length, report.arms.length * 4);
    const [, one] = report.trainings.filter(({ arm }) => arm === "linear-scratch");
    assert.equal([one.repeat, one.seed], [0, 1]);
    const rows = trainingOf(facts.predictions, "linear-scratch", 0, 1);
    assertClose(one.auroc, naive(rows), { atol: 1e-12 });
    assertClose(one.brier, rows.reduce((sum, { probability, positive }) => sum + (probability - positive) ** 2, 0) / rows.length, {
      atol: 1e-12,
    });
  });
  test("are left out where every arm was trained once", () =>
    assert.equal(trainings(facts.predictions.filter(({ repeat, seed }) => repeat + seed === 0)), []));
});

describe("worstErrors", (test) => {
  const row = (image: string, group: string, positive: 0 | 1, probability: number): HeldOut => ({
    ...{ model: "a", repeat: 0, seed: 0, image, group, label: positive ? "malignant" : "benign", positive, fold: 0, score: 0, probability },
  });
  const rows = [
    row("right", "1", 1, 0.9),
    row("sure", "2", 0, 0.95),
    row("surest", "2", 0, 0.99),
    row("missed", "3", 1, 0.04),
    row("even", "4", 1, 0.5),
  ];
  test("are images held for less likely than not, by falling log loss, one a group", () => {
    const found = worstErrors(rows);
    assert.equal(
      found.map(({ image }) => image),
      ["surest", "missed"],
    );
    assertClose(found[1].loss, -Math.log(0.04), { atol: 1e-12 });
    assertClose(found[0].loss, -Math.log(0.01), { atol: 1e-12 });
  });
  test("are at most as many as asked, and finite where a probability is 0", () => {
    assert.is(worstErrors(rows, 1).length, 1);
    assert.ok(Number.isFinite(worstErrors([row("never", "1", 1, 0)])[0].loss));
    assert.equal(worstErrors([]), []);
  });
});

describe("labelEfficiency", (test) => {
  test("is a curve for each protocol and initialisation, by rising share", () => {
    const curves = labelEfficiency(facts.evaluation.models);
    assert.is(curves.length, 10); // 3 × 4 less the two frozen ones of scratch-long
    const { name, points } = curves[0];
    assert.is(name, "pretrained");
    const of = (arm: string) => facts.evaluation.models.find((model) => model.name === arm)!.auroc;
    assert.equal(points, [
      { labels: 0.25, auroc: of("pretrained-25-percent") },
      { labels: 1, auroc: of("pretrained") },
    ]);
  });
  test("is none where there is one share", () => assert.equal(labelEfficiency(facts.evaluation.models.slice(0, 3)), []));
});

describe("shownArms", (test) => {
  test("are the first arm and those with most labels in the study's order, whatever they reached", () => {
    const models = facts.evaluation.models;
    assert.equal(shownArms(models), [0, 1, 2, 3, 4, 5]);
    const fewFirst = [models.at(-1)!, ...models.slice(0, 3)];
    assert.equal(shownArms(fewFirst, 3), [0, 1, 2]);
    assert.equal(shownArms([models[0], models.at(-1)!, models[1]], 2), [0, 2]);
  });
});

describe("readHeldOut", (test) => {
  const header = "model,repeat,seed,image,group,label,fold,probability,score\n";
  test("reads what the evaluation wrote, the last class as the positive one", () => {
    const [found] = readHeldOut(`${header}a,1,2,i,g,malignant,0,0.25,-1.5\n`, "f.csv", facts.study);
    assert.equal(found, {
      ...{
        model: "a",
        repeat: 1,
        seed: 2,
        image: "i",
        group: "g",
        label: "malignant",
        positive: 1,
        fold: 0,
        probability: 0.25,
        score: -1.5,
      },
    });
  });
  test("names the file, the image and the value that is no number", () =>
    assertUserError(
      () => readHeldOut(`${header}a,0,0,i,g,benign,0,much,1\n`, "f.csv", facts.study),
      /^f\.csv: image i has the probability "much", which is no number; run the study again$/,
    ));
});
