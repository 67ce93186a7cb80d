/** @file A model is found by file, folder, run, task and study, and gives the same probabilities whichever way. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { StoredTask } from "../run/stored-plan.ts";
import { COMPLETE_TAG, KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "../run/tags.ts";
import { storedClassifier } from "../testing/classifier-folder.ts";
import { logitsByTensorflow } from "../testing/classifiers.ts";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { withFolder, writeFiles } from "../testing/picture-files.ts";
import { texturePhantoms } from "../testing/texture-phantoms.ts";
import { openStore } from "../tracking/open-store.ts";
import type { Store } from "../tracking/store.ts";
import { range } from "../util/rng.ts";
import { findModels } from "./find-models.ts";

const size = 32;
const levels = texturePhantoms({ seed: 1, n: 2, size }).pixels;
const models = range(2).map((seed) => storedClassifier(seed, { youden: 0.25 + 0.5 * seed }));

/** softmax(logits / temperature) of the second class, by hand. */
function expected({ network, weights, config }: (typeof models)[number]): number[] {
  const logits = logitsByTensorflow(
    network,
    weights,
    Float32Array.from(levels, (level) => level / 255),
    size,
  );
  return range(2).map((image) => 1 / (1 + Math.exp((logits[2 * image] - logits[2 * image + 1]) / config.calibration!.temperature)));
}

/** A store with a study of two folds whose second model, another arm's, is not to be asked. */
async function withStudy(body: (found: { store: Store; runs: string[]; study: string; folder: string }) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const store = openStore(join(folder, "mlruns"), { now: () => 0 });
    const { experimentId } = await store.experiment("e");
    const finished = async (name: string, tags: Record<string, string>) => {
      const { runId } = (await store.createRun({ experimentId, name, startTime: 0, tags: { [STUDY_TAG]: "s", ...tags } })).info;
      await store.updateRun(runId, { status: "FINISHED", endTime: 1 });
      return runId;
    };
    const study = await finished("s", { [TASK_TAG]: STUDY_TASK, [COMPLETE_TAG]: "true" });
    const first = { fold: 0, arm: null, repeat: 0, seed: 0 };
    const plan: StoredTask[] = [
      { ...first, name: "pretrain/fold-0", key: "p", stage: "pretrain" },
      ...(["pretrained", "scratch"] as const).flatMap((initialisation) =>
        range(2).map((fold): StoredTask => {
          const arm = { protocol: "finetune", initialisation, labels: 1 } as const;
          return {
            ...first,
            name: `finetune/${initialisation}/fold-${fold}`,
            key: `${initialisation}-${fold}`,
            stage: "finetune",
            fold,
            arm,
          };
        }),
      ),
      { ...first, name: "evaluate", key: "e", stage: "evaluate", fold: null },
    ];
    await store.putArtifact(study, "plan.json", JSON.stringify(plan));
    const runs: string[] = [];
    for (const { name, key } of plan) {
      const runId = await finished(name, { [TASK_TAG]: name, [KEY_TAG]: key });
      if (!key.startsWith("pretrained")) continue;
      for (const [path, bytes] of Object.entries(models[runs.length].files)) await store.putArtifact(runId, path, bytes);
      runs.push(runId);
    }
    await body({ store, runs, study, folder });
  });
}

describe("findModels", (test) => {
  test("finds the model of a run, of a task, and every fold of a study's first arm, by id or name", () =>
    withStudy(async ({ store, runs, study, folder }) => {
      const ways: [what: string, seeds: number[]][] = [
        [runs[0], [0]],
        ["finetune/pretrained/fold-1", [1]],
        [study, [0, 1]],
        ["s", [0, 1]],
      ];
      for (const [what, seeds] of ways) {
        const members = await findModels(what, { cwd: folder, store });
        assert.is(members.length, seeds.length, what);
        for (const [k, seed] of seeds.entries()) {
          const found = await members[k].probabilities(levels);
          assertClose([found[1], found[3]], expected(models[seed]), { atol: 1e-5 });
          assert.equal(members[k].metadata.runId, runs[seed]);
          assert.is(members[k].metadata.thresholds[0].value, 0.25 + 0.5 * seed);
          await members[k].close();
        }
      }
    }));
  test("finds weights and config in a folder or its model/, and an ONNX file, which says the same", () =>
    withFolder(async (folder) => {
      await writeFiles(folder, models[0].files);
      const store = openStore(join(folder, "mlruns"), { now: () => 0 });
      const thresholds: unknown[] = [];
      for (const what of [".", "model", "model/classifier.safetensors", "m.onnx"]) {
        const [member] = await findModels(what, { cwd: folder, store });
        const found = await member.probabilities(levels);
        assertClose([found[1], found[3]], expected(models[0]), { atol: 1e-5 });
        thresholds.push(member.metadata.thresholds);
        await member.close();
      }
      for (const each of thresholds) assert.equal(each, thresholds[0]);
    }));
  test("says what is not there, or holds no classifier", () =>
    withStudy(async ({ store, runs, folder }) => {
      const refuse = (what: string, pattern: RegExp) => assertUserError(() => findModels(what, { cwd: folder, store }), pattern);
      await refuse("nosuch", /^--model nosuch: there is no such file or folder, and .*mlruns has no finished run of this id or name; give/);
      await refuse("0".repeat(32), /^run 0{32} is not in /);
      await refuse(".", /^\.: the folder holds no classifier\.safetensors with config\.json; give one that does/);
      await refuse(
        "evaluate",
        /^evaluate \([0-9a-f]{32}\): the run holds no classifier \(model\/classifier\.safetensors\); give a fine-tuning run or a study$/,
      );
      await store.updateRun(runs[1], { status: "FAILED", endTime: 2 });
      await refuse("s", /^study s: the store has no finished run of finetune\/pretrained\/fold-1; run the study again$/);
    }));
  test("says which file of a folder is damaged", () =>
    withFolder(async (folder) => {
      const store = openStore(join(folder, "mlruns"), { now: () => 0 });
      const refuse = (what: string, pattern: RegExp) => assertUserError(() => findModels(what, { cwd: folder, store }), pattern);
      await writeFiles(folder, { ...models[0].files, "a.onnx": "no model", "model/config.json": '{"encoder":{}}' });
      await refuse("a.onnx", /^a\.onnx: this is no ONNX model, or a damaged one/);
      await refuse(
        "model",
        /^model: model\/config\.json is damaged or of another version of sonomark \(.*imageSize.*\); fit the model again$/,
      );
      await writeFiles(folder, { ...models[0].files, "model/classifier.safetensors": "no weights" });
      await refuse("model", /is not a safetensors file/);
      await rm(join(folder, "model/config.json"));
      await refuse(
        "model/classifier.safetensors",
        /config\.json: no such file; a model's folder holds classifier\.safetensors and config\.json$/,
      );
    }));
});
