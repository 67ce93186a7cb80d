import * as assert from "uvu/assert";
import { describe } from "../../src/testing/describe.ts";
import { richFacts } from "../testing/rich-report.ts";
import { answersOf } from "./checklist/answers.ts";
import { claim } from "./checklist/claim.ts";
import { tripodAi } from "./checklist/tripod-ai.ts";
import { checklists } from "./checklist.ts";

const facts = richFacts();
const [ofClaim, ofTripod] = checklists(facts);
const answerTo = (number: string, list = ofClaim) => list.items.find((item) => item.number === number)!;

describe("checklists", (test) => {
  test("have every item of CLAIM 2024 (1–44) and of TRIPOD+AI (27 items, 52 with their parts), in order and once", () => {
    assert.equal(
      ofClaim.items.map(({ number }) => number),
      Array.from({ length: 44 }, (_, i) => String(i + 1)),
    );
    const parts = { 3: "abc", 5: "ab", 6: "abc", 8: "abc", 9: "abc", 12: "abcdefg", 18: "abcdef", 20: "abc", 23: "ab", 27: "abc" };
    const expected = Array.from({ length: 27 }, (_, i) => i + 1).flatMap((item) =>
      (parts[item as keyof typeof parts] ?? " ").split("").map((part) => `${item}${part.trim()}`),
    );
    assert.equal(
      ofTripod.items.map(({ number }) => number),
      expected,
    );
    assert.is(expected.length, 52);
  });

  test("answer every item, or say who must; and so where the run knows least", () => {
    const least = { ...facts, source: null, biomarkers: null, predictions: [] };
    for (const of of [facts, { ...least, evaluation: { ...facts.evaluation, shortcuts: null, comparisons: [], baselines: [] } }])
      for (const { name, items } of checklists(of))
        for (const { number, answer, who } of items) {
          assert.ok(answer !== null || who !== null, `${name} ${number}`);
          if (answer !== null) assert.match(answer, /^[A-Za-z0-9].*[.)]$/s, `${name} ${number}`);
          assert.not.match(answer ?? "", /undefined|NaN|null|\[object|`/, `${name} ${number}`);
        }
  });

  test("use every answer that is computed", () => {
    const used = new Set([claim, tripodAi].flatMap(({ items }) => items.flatMap(({ by = [] }) => by)));
    assert.equal(
      Object.keys(answersOf(facts)).filter((key) => !used.has(key as never)),
      [],
    );
  });

  test("answer from the run: source and licence, unit, splits, software, performance", () => {
    assert.match(
      answerTo("7").answer!,
      /Somebody 2020\. 60 images of 60 groups: 30 malignant, 30 benign\. Licence of the data: CC BY 4\.0\./,
    );
    assert.match(answerTo("20").answer!, /^The group: a group is a patient/);
    assert.match(answerTo("19").answer!, /Split: groups dealt to 3 folds by class and seed 0/);
    assert.match(answerTo("23").answer!, /sonomark 0\.1\.0, commit c0ffeec0ffee .*tfjs 4\.22\.0/);
    assert.match(answerTo("37").answer!, /pretrained: AUROC 0\.900 \[0\.850, 0\.950\], Brier score 0\.500 \[0\.400, 0\.625\]/);
    assert.match(answerTo("23a", ofTripod).answer!, /pretrained at the youden threshold: sensitivity 0\.500/);
  });

  test("tell how the network was trained, as the settings say", () => {
    const finetune = { ...facts.study.finetune, mixUp: 0.4, labelSmoothing: 0.1, maskWeight: 0.5, layerDecay: 0.7, testTimeViews: 4 };
    const [list, tripod] = checklists({ ...facts, study: { ...facts.study, finetune: { ...finetune, classWeights: "none" } } });
    assert.match(
      answerTo("25", list).answer!,
      /label smoothing 0\.1, mix-up with alpha 0\.4, the lesion's mask as a second task of weight 0\.5, in training only/,
    );
    assert.match(answerTo("25", list).answer!, /that of each stage 0\.7 of the one above it\./);
    assert.match(answerTo("9", list).answer!, /held-out images are not, but scored as the mean over 4 fixed views\./);
    assert.is(answerTo("13", tripod).answer, "No method against imbalance was used.");
    assert.not.match(answerTo("25").answer!, /mix-up|smoothing|second task/);
    assert.match(answerTo("13", ofTripod).answer!, /every class has the same share of the loss/);
  });

  test("leave to people what no run knows: ethics, funding, fairness, readers", () => {
    for (const number of ["3c", "8b", "14", "17", "18a", "19"]) assert.is(answerTo(number, ofTripod).answer, null, number);
    for (const number of ["13", "16", "18", "34", "41", "44"]) assert.is(answerTo(number).answer, null, number);
    assert.match(answerTo("17", ofTripod).who!, /ethics committee/);
  });

  test("say that a study had no external test, unless sites were held out", () => {
    assert.match(answerTo("33").answer!, /^None in this run/);
    const sites = { ...facts, study: { ...facts.study, data: { ...facts.study.data, split: { name: "site" as const } } } };
    assert.match(answerTo("33", checklists(sites)[0]).answer!, /^Each site was held out once/);
  });
});
