import * as assert from "uvu/assert";
import type { Arm } from "../../src/config/arm.ts";
import { describe } from "../../src/testing/describe.ts";
import { richFacts } from "../testing/rich-report.ts";
import { armText } from "./arm-text.ts";
import { chosenInside, leakageStatement, statements } from "./statements.ts";

const { study, evaluation } = richFacts();
const starting = (...initialisations: Arm["initialisation"][]) => ({ ...study, finetune: { ...study.finetune, initialisations } });

describe("leakageStatement", (test) => {
  test("says what the models had seen, in each of the three cases", () => {
    const pretrained = starting("pretrained", "scratch");
    assert.match(leakageStatement(evaluation, pretrained), /^Held out: .* neither pretraining nor fine-tuning saw/);
    assert.match(leakageStatement(evaluation, starting("scratch")), /^Held out: .* not trained on/);
    assert.match(leakageStatement({ ...evaluation, transductive: true }, pretrained), /^Transductive: pretraining saw all images/);
    for (const each of [starting("scratch"), pretrained])
      assert.match(
        leakageStatement(evaluation, each),
        /60 images of 60 groups .* in 3 folds that never split a group, dealt anew 2 times\./,
      );
    assert.match(leakageStatement({ ...evaluation, repeats: 1 }, pretrained), /never split a group\.$/);
  });
  test("says what a group is, and whether near-duplicates were looked for", () => {
    const of = (data: Partial<typeof study.data>) => leakageStatement(evaluation, { ...study, data: { ...study.data, ...data } });
    assert.match(of({ duplicates: "near" }), /joined with every near-duplicate that was found/);
    assert.match(of({ duplicates: "exact" }), /near-duplicates were not looked for, so copies may lie on both sides/);
    assert.match(of({ groups: "groups.csv" }), /a group is what the study's table of groups says/);
  });
});

describe("statements", (test) => {
  test("begin with the leakage statement, and say what is not known of weights from elsewhere only where some are", () => {
    const all = statements(evaluation, study);
    assert.is(all[0], leakageStatement(evaluation, study));
    assert.ok(all.some((text) => /checkpoint: what its pretraining saw is not known here/.test(text)));
    assert.ok(all.some((text) => /trained 2 times with other seeds/.test(text)));
    const plain = statements({ ...evaluation, seeds: 1 }, starting("pretrained")).join("\n");
    assert.not.match(plain, /checkpoint|ImageNet|seeds/);
    assert.match(statements(evaluation, starting("imagenet")).join("\n"), /ImageNet: the published weights come from photographs/);
  });
  test("tell of more data that pretraining saw, where something was pretrained", () => {
    const more = { ...study, pretrain: { ...study.pretrain, unlabelled: ["busi:a", "busi:b"] } };
    assert.match(statements(evaluation, more).join("\n"), /also saw 2 more data sets without labels/);
    assert.not.match(statements(evaluation, { ...more, ...{ finetune: starting("scratch").finetune } }).join("\n"), /also saw/);
  });
});

describe("chosenInside", (test) => {
  const [first, second] = evaluation.models;
  test("says what inner splits chose, that nothing was, and that some arms chose nothing", () => {
    const inner = (over: object) => ({ finetune: { ...study.finetune, inner: { ...study.finetune.inner, ...over } } });
    assert.match(chosenInside(inner({}), { models: [first] }), /never on held-out ones: temperature and thresholds\.$/);
    assert.match(chosenInside(inner({ patience: 3 }), { models: [first] }), /temperature, thresholds and number of epochs\.$/);
    assert.match(chosenInside(inner({ folds: 0 }), { models: [first] }), /^No inner split/);
    assert.match(chosenInside(inner({}), { models: [{ ...first, operating: [] }] }), /^No inner split/);
    assert.match(chosenInside(inner({}), { models: [first, { ...second, operating: [] }] }), /holds for 1 of 2 arms/);
  });
});

describe("armText", (test) => {
  const of = (arm: Partial<Arm>, over = {}) =>
    armText({ protocol: "finetune", initialisation: "scratch", labels: 1, ...arm }, { ...study, ...over });
  test("says where weights come from, what was fitted and with how many labels", () => {
    assert.is(of({}), "resnet10 from random weights; all weights trained for 40 epochs");
    assert.match(
      of({ initialisation: "pretrained" }),
      /pretrained with simclr for 60 epochs on the images of the training folds, without labels/,
    );
    assert.match(of({ initialisation: "pretrained" }, { transductive: true }), /on all images, without labels/);
    assert.match(
      of({ initialisation: "scratch-long" }),
      /as many image passes as pretraining and fine-tuning together; all weights trained$/,
    );
    assert.match(of({ initialisation: "checkpoint" }), /from the checkpoint model, whose pretraining is not known here/);
    assert.match(of({ protocol: "linear", labels: 0.25 }), /penalised logistic regression.*; labels of 25 % of the training groups$/);
    assert.match(
      of({ protocol: "knn", initialisation: "imagenet" }),
      /weights published for ImageNet; weights frozen, classes of the nearest/,
    );
  });
});
