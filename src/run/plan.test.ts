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
