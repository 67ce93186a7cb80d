import * as assert from "uvu/assert";
import { studySchema, type StudyConfig } from "../config/study.ts";
import { describe } from "../testing/describe.ts";
import { planStudy, upTo } from "./plan.ts";

const circumstances = { data: "d", code: "c", engine: "e" };
const study = studySchema.parse({ name: "s", data: { source: "folder:x", folds: 2 } });
const keys = (config: StudyConfig, over = {}) =>
  new Map(planStudy(config, { ...circumstances, ...over }).map((task) => [task.name, task.key]));

/** Names of the tasks whose key differs between two plans. */
const changed = (a: Map<string, string>, b: Map<string, string>) => [...a.keys()].filter((name) => a.get(name) !== b.get(name));

describe("planStudy", (test) => {
  test("makes a task of every stage and fold, needs first", () => {
    const plan = planStudy(study, circumstances);
    assert.equal(
      plan.map((task) => task.name),
      [
        "pretrain/fold-0",
        "pretrain/fold-1",
        "finetune/pretrained/fold-0",
        "finetune/pretrained/fold-1",
        "finetune/scratch/fold-0",
        "finetune/scratch/fold-1",
        "evaluate",
        "explain/fold-0",
        "explain/fold-1",
        "analyse",
      ],
    );
    const seen = new Set<string>();
    for (const task of plan) {
      for (const name of Object.keys(task.needs)) assert.ok(seen.has(name), `${task.name} comes before ${name}`);
      seen.add(task.name);
    }
  });
  test("gives every task its own key", () => assert.is(new Set(keys(study).values()).size, 10));
  test("keeps all keys where only the name or the path of the data change", () => {
    const pretrain = { ...study.pretrain, unlabelled: ["folder:z"] };
    const moved = { ...study, name: "t", data: { ...study.data, source: "folder:y" }, pretrain };
    assert.equal(changed(keys(study), keys(moved)), []);
  });
  test("keeps all keys where only differs when a run is saved or given up", () => {
    const often = { ...study, pretrain: { ...study.pretrain, checkpointMinutes: 1, stopOnCollapse: true } };
    assert.equal(changed(keys(study), keys(often)), []);
  });
  test("changes every key with code, data, engine or seed", () => {
    for (const over of [{ code: "x" }, { data: "x" }, { engine: "x" }]) assert.is(changed(keys(study), keys(study, over)).length, 10);
    assert.is(changed(keys(study), keys({ ...study, seed: 1 })).length, 10);
  });
  test("changes only the tasks that a setting reaches", () => {
    const analysis = { ...study, analysis: { ...study.analysis, rim: 0.5 } };
    assert.equal(changed(keys(study), keys(analysis)), ["analyse"]);
    assert.equal(changed(keys(study), keys({ ...study, description: "x" })), ["analyse"], "the report prints it");
    const pretrain = changed(keys(study), keys({ ...study, pretrain: { ...study.pretrain, epochs: 1 } }));
    assert.not.ok(
      pretrain.some((name) => name.includes("scratch")),
      "a network from scratch does not depend on pretraining",
    );
    assert.ok(pretrain.includes("finetune/pretrained/fold-1"));
  });
  test("trains no fold anew because another initialisation comes or goes", () => {
    const both = keys(study);
    const scratch = keys({ ...study, finetune: { ...study.finetune, initialisations: ["scratch" as const] } });
    assert.is(scratch.get("finetune/scratch/fold-1"), both.get("finetune/scratch/fold-1"));
    assert.is.not(scratch.get("evaluate"), both.get("evaluate"));
  });
  test("has a task of every arm, deal and training, named by what differs from the first", () => {
    const asked = studySchema.parse({
      name: "s",
      data: { source: "folder:x", folds: 2, repeats: 2 },
      finetune: { protocols: ["finetune", "knn"], initialisations: ["scratch", "scratch-long"], labelShares: [1, 0.25], seeds: 2 },
    });
    const names = planStudy(asked, circumstances).map((task) => task.name);
    assert.is(new Set(names).size, names.length);
    for (const name of [
      "finetune/scratch/fold-0",
      "finetune/scratch/seed-1/fold-1",
      "finetune/scratch-long/labels-25/repeat-1/seed-1/fold-0",
      "knn/scratch/labels-25/repeat-1/fold-1",
    ])
      assert.ok(names.includes(name), name);
    assert.not.ok(
      names.some((name) => name.startsWith("knn/scratch-long")),
      "neighbours are not trained for longer",
    );
    assert.is(
      names.filter((name) => name.endsWith("/fold-0")).length,
      2 * 2 * 2 * 3 + 1,
      "deals × trainings × shares × arms, and what is explained",
    );
  });
  test("trains no fold anew because deals, trainings, arms or shares are added", () => {
    const more = studySchema.parse({
      name: "s",
      data: { source: "folder:x", folds: 2, repeats: 2 },
      finetune: { protocols: ["finetune", "linear"], labelShares: [1, 0.1], seeds: 2 },
    });
    assert.equal(changed(keys(study), keys(more)), ["evaluate", "analyse"]);
  });
  test("shares a deal with the study that asks for that deal alone", () => {
    const of = (data: object) => keys(studySchema.parse({ name: "s", data: { source: "folder:x", folds: 2, ...data } }));
    const [both, second] = [of({ repeats: 2 }), of({ split: { name: "grouped", repeat: 1 } })];
    for (const name of ["pretrain/fold-1", "finetune/scratch/fold-0", "finetune/pretrained/fold-0"])
      assert.is(both.get(name.replace("/fold", "/repeat-1/fold")), second.get(name));
  });
  test("follows the length of pretraining where a random start is trained as long", () => {
    const long = { ...study, finetune: { ...study.finetune, initialisations: ["scratch" as const, "scratch-long" as const] } };
    const changes = changed(keys(long), keys({ ...long, pretrain: { ...long.pretrain, epochs: 1 } }));
    assert.equal(
      changes.filter((name) => name.startsWith("finetune")),
      ["finetune/scratch-long/fold-0", "finetune/scratch-long/fold-1"],
    );
  });
  test("follows the weights that a checkpoint holds, not the folder that it lies in", () => {
    const from = {
      ...study,
      finetune: { ...study.finetune, initialisations: ["checkpoint" as const, "scratch" as const], checkpoint: "a" },
    };
    const moved = { ...from, finetune: { ...from.finetune, checkpoint: "b" } };
    assert.equal(changed(keys(from, { checkpoint: "1" }), keys(moved, { checkpoint: "1" })), []);
    assert.not.ok(changed(keys(from, { checkpoint: "1" }), keys(from, { checkpoint: "2" })).some((name) => name.includes("scratch")));
  });
  test("leaves pretraining out where nothing starts from it", () => {
    const scratch = { ...study, finetune: { ...study.finetune, initialisations: ["scratch" as const] } };
    assert.is(planStudy(scratch, circumstances).filter((task) => task.stage === "pretrain").length, 0);
  });
});

describe("upTo", (test) => {
  test("keeps a stage's tasks and what they need", () => {
    const plan = planStudy(study, circumstances);
    assert.equal(
      upTo(plan, "pretrain").map((task) => task.stage),
      ["pretrain", "pretrain"],
    );
    assert.is(upTo(plan, "evaluate").length, 7);
    assert.is(upTo(plan, "analyse").length, 10);
  });
});
