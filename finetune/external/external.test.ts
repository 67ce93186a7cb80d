/** @file An external test from end to end as the task runs it, against predictions made by hand; and what it says where it cannot be run. */
import { mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { evaluationSchema } from "../../src/config/evaluation.ts";
import { externalSchema, externalTestSchema } from "../../src/config/external.ts";
import { shiftSchema } from "../../src/config/shift.ts";
import type { Task } from "../../src/config/task.ts";
import { openExternalImages } from "../../src/data/external-images.ts";
import { startEngine } from "../../src/engine/start.ts";
import { decodeGrey } from "../../src/image/decode.ts";
import { letterbox } from "../../src/image/letterbox.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { mean } from "../../src/metrics/moments.ts";
import { fittedModels } from "../../src/run/fitted-models.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { logitsByTensorflow } from "../../src/testing/classifiers.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { writeFiles } from "../../src/testing/picture-files.ts";
import { parseCsv } from "../../src/util/csv.ts";
import { range } from "../../src/util/rng.ts";
import { fittedStudy, speckleSet } from "../../src/testing/fitted-study.ts";
import { external } from "./external.ts";
import { askMember } from "./members.ts";

await startEngine({ threads: 1 });
const home = mkdtempSync(join(tmpdir(), "sonomark-test-"));
process.on("exit", () => void rm(home, { recursive: true, force: true }));
process.env.SONOMARK_CACHE = join(home, "cache");

const fitted = await fittedStudy(home);
const { study, store, studyRunId, experimentId, models, outOfFold } = fitted;
const copy = await readFile(join(home, "study/benign/benign-3.png"));
await writeFiles(join(home, "other"), { ...(await speckleSet(6, 2)), "benign/copy.png": copy });
await writeFiles(join(home, "renamed"), await speckleSet(6, 3, ["harmless", "cancer"]));
await writeFiles(join(home, "few"), await speckleSet(3, 4));

const testOf = (name: string, more: object = {}) => externalTestSchema.parse({ source: `folder:${join(home, name)}`, ...more });
const open = (name: string, more: object = {}) => openExternalImages(testOf(name, more), study);

/** Runs the task as its process would. @returns its artifacts as text, its metrics and its tags */
async function run(name: string, more: object = {}, only = models.map(({ runId }) => runId)) {
  const files = new Map<string, string>();
  const metrics = new Map<string, number>();
  const found = await fittedModels(store, studyRunId);
  const asked = found.models.filter(({ runId }) => only.includes(runId));
  const keyOf = Object.fromEntries([...asked.map((model) => [model.name, model.key]), ["evaluate", found.evaluated!]]);
  const { info } = await store.createRun({ experimentId, name: "external", startTime: 0 });
  const task: Task = {
    ...{ name: "external/folder", key: "k", stage: "external", fold: null, arm: null, repeat: 0, seed: 0, checkpoint: null },
    ...{ needs: keyOf, study, external: testOf(name, more), data: (await open(name, more)).digest, code: "c", store: store.uri },
    ...{ experimentId, parentRunId: studyRunId },
  };
  const context: StageContext = {
    ...{ task, store, runId: info.runId, now: () => 0, resume: undefined },
    ...{ progress: async () => {}, checkpoint: async () => {}, note: () => {} },
    tag: (values) => store.setTags(info.runId, values),
    metric: (key, value) => void metrics.set(key, value),
    artifact: async (path, data) => void files.set(path, Buffer.from(data).toString("utf8")),
    needed: async (needed) => (await store.searchRuns({ experimentIds: [experimentId], tags: { "sonomark.key": keyOf[needed] } }))[0],
  };
  await external(context);
  const json = (path: string): unknown => JSON.parse(files.get(path)!);
  return {
    files,
    metrics,
    run: await store.getRun(info.runId),
    evaluation: evaluationSchema.parse(json("evaluation.json")),
    external: externalSchema.parse(json("external.json")),
    shift: shiftSchema.parse(json("shift.json")),
    rows: parseCsv(files.get("predictions.csv")!, "predictions.csv"),
  };
}

/** Calibrated probabilities of the positive class by hand, [models][images], images as the rows name them. */
async function byHand(name: string, images: readonly string[]): Promise<number[][]> {
  const size = 32;
  const pixels = new Float32Array(images.length * size ** 2);
  for (const [i, image] of images.entries()) {
    const levels = new Uint8Array(size ** 2);
    await letterbox(await decodeGrey(await readFile(join(home, name, `${image}.png`)), image), size, levels);
    levels.forEach((level, at) => (pixels[i * size ** 2 + at] = level / 255));
  }
  return models.map(({ network, weights, config }) => {
    const logits = logitsByTensorflow(network, weights, pixels, size);
    return images.map((_, i) => 1 / (1 + Math.exp((logits[2 * i] - logits[2 * i + 1]) / config.calibration!.temperature)));
  });
}

const tested = await run("other");
const labels = tested.rows.map(({ label }) => Number(label === "malignant"));
const single = await byHand(
  "other",
  tested.rows.map(({ image }) => image),
);
const together = range(labels.length).map((i) => mean(single.map((one) => one[i])));

describe("external test", (test) => {
  test("leaves out what copies an image of the study, and says how many", () => {
    assert.is(tested.rows.length, 12);
    assert.not.ok(tested.rows.some(({ image }) => image.includes("copy")));
    assert.equal([tested.external.leakage.checked, tested.external.leakage.copies, tested.external.leakage.leftOut], [true, 1, 1]);
    assert.match(tested.external.leakage.sentence, /^1 of 13 images show a picture of the study; they and .*, 1 in all, were left out\.$/);
  });

  test("predicts by the mean of the models' probabilities, each with the temperature of its training", () => {
    const number = (column: string) => tested.rows.map((row) => Number(row[column]));
    assertClose(number("probability"), together, { atol: 1e-6 });
    models.forEach((_, m) => assertClose(number(`probability-${m}`), single[m], { atol: 1e-6 }));
    assertClose(
      number("score"),
      together.map((p) => Math.log(p / (1 - p))),
      { atol: 1e-4 },
    );
    assert.equal(tested.evaluation.models[0].temperatures, [1.5, 1.5]);
  });

  test("averages logits over as many views as held-out images were predicted over", async () => {
    const [model] = (await fittedModels(store, studyRunId)).models;
    const [n, size] = [3, 32];
    const pixels = Uint8Array.from({ length: n * size ** 2 }, (_, i) => (i * 37) % 256);
    const frames = { size, pixels };
    const mirrored = { size, pixels: pixels.map((_, i) => pixels[i - (i % size) + size - 1 - (i % size)]) };
    const ask = (shown: typeof frames, testTimeViews: number, protocol: "finetune" | "linear" = "finetune") =>
      askMember(store, { ...model, arm: { ...model.arm, protocol } }, { frames: shown, images: range(n), testTimeViews });
    const [both, one, other] = [await ask(frames, 2), await ask(frames, 1), await ask(mirrored, 1)];
    assertClose(
      both.scores,
      one.scores.map((score, i) => (score + other.scores[i]) / 2), // with two classes the log-odds are linear in the logits
      { atol: 1e-4 },
    );
    assert.equal((await ask(frames, 2, "linear")).scores, one.scores);
  });

  test("judges the ensemble by the mean of the thresholds, each model by its own", () => {
    const [youden] = tested.evaluation.models[0].operating;
    assertClose(youden.thresholds, [0.5, 0.5], { atol: 1e-12 });
    const hits = (p: readonly number[], threshold: number) => range(12).filter((i) => labels[i] === 1 && p[i] >= threshold).length;
    assert.is(youden.truePositives, hits(together, 0.5));
    tested.external.rows[0].members.forEach(({ operating: [own] }, m) => {
      assertClose(own.threshold, 0.4 + 0.2 * m, { atol: 1e-12 });
      assertClose(own.sensitivity, hits(single[m], 0.4 + 0.2 * m) / 6, { atol: 1e-12 });
    });
  });

  test("says the same as the metrics of these predictions, in the schema of a study's evaluation", () => {
    const { evaluation, external: result, metrics } = tested;
    assert.equal([evaluation.folds, evaluation.images, evaluation.groups, evaluation.positives], [1, 12, 12, 6]);
    const [model] = evaluation.models;
    assertClose(model.auroc.estimate, auroc(labels, together), { atol: 1e-12 });
    assert.equal(model.procedureAuroc, model.auroc);
    const areas = single.map((one) => auroc(labels, one));
    assertClose(
      model.foldAuroc.map((value) => value!),
      areas,
      { atol: 1e-12 },
    );
    const [row] = result.rows;
    assertClose([row.single.estimate, row.ensemble.estimate], [mean(areas), auroc(labels, together)], { atol: 1e-12 });
    assert.is(metrics.get("external/scratch/auroc"), row.ensemble.estimate);
  });

  test("stands beside the internal result of the same models", () => {
    const [row] = tested.external.rows;
    const internal = auroc(
      outOfFold.map(({ label }) => label),
      outOfFold.map(({ score }) => score),
    );
    assertClose(row.internal!.estimate, internal, { atol: 1e-12 });
    assertClose(row.deltaSingle!.estimate, row.single.estimate - internal, { atol: 1e-12 });
    assertClose(row.deltaEnsemble!.estimate, row.ensemble.estimate - internal, { atol: 1e-12 });
    assert.ok(row.deltaSingle!.low < row.deltaSingle!.estimate && row.deltaSingle!.estimate < row.deltaSingle!.high);
    assert.match(
      row.sentence,
      /^External minus internal AUROC of single models of scratch: -?0\.\d{3} \(95 % interval .*\), 12 external groups: /,
    );
  });

  test("tells what has shifted, each with its meaning", () => {
    const { facts, prevalence, scores, recalibration, domain } = tested.shift;
    const [width] = facts!.found;
    assert.equal([width.name, width.meanStudy, width.meanExternal, width.difference?.estimate], ["width", 120, 120, 0]);
    assert.equal([prevalence.found.study, prevalence.found.external.estimate], [0.5, 0.5]);
    assert.equal(
      scores!.found.map(({ of }) => of),
      ["all images", "benign", "malignant"],
    );
    assert.equal([domain!.found.imagesStudy, domain!.found.imagesExternal, domain!.found.folds], [10, 12, 5]);
    for (const part of [facts, prevalence, scores, recalibration, domain]) assert.ok(part!.meaning.length > 40);
  });

  test("its run says which models were asked about which data", () => {
    const { tags, inputs } = tested.run;
    assert.is(tags["sonomark.external.model"], models.map(({ runId }) => runId).join(" "));
    assert.match(tags["sonomark.external.data"], /^folder [0-9a-f]+$/);
    assert.equal(
      inputs.map(({ name, context }) => [name, context]),
      [["folder", "test"]],
    );
  });

  test("of one fold's model is about its own held-out images; without the study's images nothing is compared", async () => {
    const one = await run("other", { training: null }, [models[1].runId]);
    assert.is(one.rows.length, 13); // with the copy
    assert.match(one.external.leakage.sentence, /^Not compared with the images of the study: copies of them may be among those tested/);
    assert.equal([one.shift.facts, one.shift.domain], [null, null]);
    const held = outOfFold.filter(({ fold }) => fold === 1);
    assertClose(
      one.external.rows[0].internal!.estimate,
      auroc(
        held.map(({ label }) => label),
        held.map(({ score }) => score),
      ),
      { atol: 1e-12 },
    );
    assert.is(one.external.rows[0].members.length, 1);
  });

  test("takes other names of classes in the order of the model's, and joins values", async () => {
    const images = await open("renamed", { classes: ["harmless", "cancer"] });
    assert.equal([...new Set(images.manifest.images.map(({ label }) => label))].sort(), ["benign", "malignant"]);
    assert.equal(images.classes[1], { external: "cancer", model: "malignant" });
    assert.is((await open("renamed", { classes: ["nothing|harmless", "cancer"] })).manifest.images.length, 12);
  });
});

describe("external test of bad input", (test) => {
  test("names the class that is missing, what there is, and the option", () =>
    assertUserError(
      () => open("renamed"),
      /renamed: no image has the class "benign" \(there are cancer, harmless\), and the model tells benign, malignant apart; name .* with --classes/,
    ));
  test("wants as many classes as the model has", () =>
    assertUserError(
      () => open("renamed", { classes: ["a", "b", "c"] }),
      /--classes a,b,c: the model tells 2 classes apart \(benign, malignant\), and 3 are named/,
    ));
  test("wants groups enough for an interval", () =>
    assertUserError(() => open("few"), /few: the class "benign" has 3 groups, and an external test needs 5 of each class/));
  test("says where the study's images are missing, or are others", async () => {
    await assertUserError(
      () => open("other", { training: `folder:${join(home, "gone")}` }),
      /the study's own images are not there to compare with \(no such folder or file: .*gone.*\): say with --training where they lie, or test with --training none/,
    );
    const test = testOf("few", { training: `folder:${join(home, "other")}` });
    await assertUserError(
      () => openExternalImages(test, study, { expected: "d" }),
      /other: these are not the images that the study was run on/,
    );
  });
  test("says which model is damaged", async () => {
    const [{ runId }] = models;
    const config = await store.readArtifact(runId, "model/config.json");
    await store.putArtifact(runId, "model/config.json", "{");
    await assertUserError(
      () => run("other"),
      /finetune\/scratch\/fold-0 \([0-9a-f]{32}\): model\/config\.json is damaged or of another version/,
    );
    await store.putArtifact(runId, "model/config.json", config);
  });
  test("says that data changed while they were tested", async () => {
    const context = { task: { study, external: testOf("other"), data: "old", needs: {}, parentRunId: studyRunId }, store };
    const found = await fittedModels(store, studyRunId);
    Object.assign(context.task.needs, Object.fromEntries(found.models.map(({ name, key }) => [name, key])));
    await assertUserError(() => external(context as unknown as StageContext), /changed while they were tested; run the same command again/);
  });
});
