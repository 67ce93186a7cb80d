/** @file Which models a name or an id leads to, and what is said where it leads to none. */
import { join } from "node:path";
import * as assert from "uvu/assert";
import { studySchema } from "../config/study.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { withFolder } from "../testing/picture-files.ts";
import { openStore } from "../tracking/open-store.ts";
import { fittedModels } from "./fitted-models.ts";
import { planStudy } from "./plan.ts";
import { KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "./tags.ts";

/** A study whose tasks all finished, but for those named; linear probes and neighbours, of which the latter leave no network. */
const inStudy =
  (body: (at: Awaited<ReturnType<typeof stored>>) => Promise<void>, missing: string[] = []) =>
  () =>
    withFolder(async (folder) => body(await stored(folder, missing)));

async function stored(folder: string, missing: readonly string[]) {
  const store = openStore(join(folder, "mlruns"), { now: () => 0 });
  const study = studySchema.parse({
    name: "s",
    data: { source: "folder:x", folds: 2 },
    finetune: { protocols: ["linear", "knn"], initialisations: ["scratch"] },
  });
  const plan = planStudy(study, { data: "d", code: "c", engine: "e" });
  const { experimentId } = await store.experiment("s");
  const ids = new Map<string, string>();
  const add = async (task: string, key: string, files: string[], parentRunId?: string): Promise<void> => {
    const tags = { [TASK_TAG]: task, [KEY_TAG]: key, [STUDY_TAG]: "s" };
    const { info } = await store.createRun({
      experimentId,
      name: task,
      startTime: ids.size,
      tags,
      ...(parentRunId ? { parentRunId } : {}),
    });
    for (const path of files)
      await store.putArtifact(info.runId, path, path === "study.json" ? JSON.stringify(study) : JSON.stringify(plan));
    await store.updateRun(info.runId, { status: "FINISHED", endTime: 1 });
    ids.set(task, info.runId);
  };
  await add(STUDY_TASK, "k", ["study.json", "plan.json"]);
  for (const { name, key } of plan.filter(({ name }) => !missing.includes(name)))
    await add(
      name,
      key,
      name.startsWith("linear/") ? ["model/classifier.safetensors", "model/config.json"] : ["predictions.csv"],
      ids.get(STUDY_TASK),
    );
  await add("alone", "a", []);
  return { store, ids };
}

describe("fittedModels", (test) => {
  test(
    "finds every model of a study by its name and by its id, and says which arms leave none",
    inStudy(async ({ store, ids }) => {
      for (const what of ["s", ids.get(STUDY_TASK)!]) {
        const { study, studyRun, models, evaluated, without } = await fittedModels(store, what);
        assert.equal([study.name, studyRun.info.runId, without], ["s", ids.get(STUDY_TASK), ["knn-scratch"]]);
        assert.equal(
          models.map(({ name, runId, fold, arm }) => [name, runId, fold, arm.protocol]),
          [0, 1].map((fold) => [`linear/scratch/fold-${fold}`, ids.get(`linear/scratch/fold-${fold}`), fold, "linear"]),
        );
        assert.type(evaluated, "string");
      }
    }),
  );
  test(
    "finds the one model of a fine-tuning run, and the study that it belongs to",
    inStudy(
      async ({ store, ids }) => {
        const { studyRun, models, evaluated } = await fittedModels(store, ids.get("linear/scratch/fold-1")!);
        assert.equal(
          models.map(({ fold }) => fold),
          [1],
        );
        assert.is(studyRun.info.runId, ids.get(STUDY_TASK));
        assert.is(evaluated, null, "the study was not evaluated");
      },
      ["evaluate"],
    ),
  );
  test(
    "says in one sentence why a run has none",
    inStudy(
      async ({ store, ids }) => {
        const refused = (what: string, why: RegExp) => assertUserError(() => fittedModels(store, what), why);
        await refused("nosuch", /^--model nosuch: file:.*mlruns has no finished study of this name; give the name of one, or the id of/);
        await refused("0".repeat(32), /0{32}/);
        await refused(ids.get("evaluate")!, /the run is evaluate of the study s, which fits no classifier; give the study's run/);
        await refused(ids.get("alone")!, /the run "alone" belongs to no study/);
        await refused(ids.get("knn/scratch/fold-0")!, /no run of it holds model\/classifier\.safetensors \(knn-scratch leave no network\)/);
        await refused("s", /study s: the store has no finished run of linear\/scratch\/fold-0; run the study again/);
      },
      ["linear/scratch/fold-0"],
    ),
  );
});
