/** @file What a fold is opened with, and what is said where there is nothing to start from. */
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Arm } from "../src/config/arm.ts";
import { encoderSchema } from "../src/config/encoder.ts";
import { studySchema } from "../src/config/study.ts";
import type { Task } from "../src/config/task.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { encoderOf } from "../src/models/registry.ts";
import { encodeWeights } from "../src/models/weights.ts";
import { readCheckpoint } from "../src/run/checkpoint-file.ts";
import type { StageContext } from "../src/run/stage.ts";
import { assertUserError } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { startOf as parameters, unitStatistics } from "../src/testing/encoders.ts";
import { greyPng, withFolder, writeFiles } from "../src/testing/picture-files.ts";
import { range } from "../src/util/rng.ts";
import { openFold } from "./fold.ts";
import { startOf } from "./starts.ts";

const config = encoderSchema.parse({ width: 4 });
const encoder = encoderOf(config);
const flat = parameters(config, 0.1);
const weightsOf = (own = config) =>
  encodeWeights(encoderOf(own), { flat: own === config ? flat : parameters(own), statistics: unitStatistics(own) });

const arm = (over: Partial<Arm> = {}): Arm => ({ protocol: "finetune", initialisation: "scratch", labels: 1, ...over });
const asking = (task: Partial<Task>, over: Partial<StageContext> = {}) => ({ task, ...over }) as StageContext;

/** What the initialisation `checkpoint` is asked with. */
const fromFolder = (checkpoint: string, hash: string) =>
  asking({ arm: arm({ initialisation: "checkpoint" }), checkpoint: hash, study: studyOf({ finetune: { checkpoint } }) });
const studyOf = (over: object) => studySchema.parse({ name: "study", encoder: config, data: { source: "folder:x" }, ...over });

describe("startOf", (test) => {
  test("gives the parameters of a checkpoint's folder, and of the pretraining of the same fold", () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { "encoder.safetensors": weightsOf() });
      const { hash } = await readCheckpoint(folder);
      assert.equal((await startOf(fromFolder(folder, hash), encoder)).flat, flat);

      const asked: string[] = [];
      const context = asking(
        { arm: arm({ initialisation: "pretrained" }), fold: 2, repeat: 0, seed: 1 },
        {
          needed: (async (name: string) => (asked.push(name), { info: { runId: "run-7" } })) as unknown as StageContext["needed"],
          store: {
            readArtifact: async (run: string, path: string) => (asked.push(run, path), weightsOf()),
          } as unknown as StageContext["store"],
        },
      );
      assert.equal((await startOf(context, encoder)).flat, flat);
      assert.equal(asked, ["pretrain/seed-1/fold-2", "run-7", "model/encoder.safetensors"]);
    }));

  test("says what is wrong with a checkpoint: no folder, none there, another architecture, changed since, damaged", () =>
    withFolder(async (folder) => {
      await assertUserError(() => startOf(fromFolder("", ""), encoder), /finetune\.checkpoint is empty: set it to the folder/);
      const missing = join(folder, "nothing");
      await assertUserError(() => startOf(fromFolder(missing, ""), encoder), /nothing.encoder\.safetensors cannot be read \(ENOENT\)/);

      await writeFiles(folder, { "encoder.safetensors": weightsOf(encoderSchema.parse({ width: 8 })) });
      const { hash } = await readCheckpoint(folder);
      await assertUserError(
        () => startOf(fromFolder(folder, hash), encoder),
        /stem\.kernel should be float32 \[3,3,1,4\] and is \[3,3,1,8\]/,
      );

      await writeFiles(folder, { "encoder.safetensors": weightsOf() });
      await assertUserError(() => startOf(fromFolder(folder, hash), encoder), /encoder\.safetensors changed while the study ran/);

      await writeFiles(folder, { "encoder.safetensors": weightsOf().subarray(0, 100) });
      const damaged = await readCheckpoint(folder);
      await assertUserError(() => startOf(fromFolder(folder, damaged.hash), encoder), /encoder\.safetensors/);
    }));
});

describe("openFold", (test) => {
  test("parts the images by group, gives a share of the labels, and starts arms that differ in their labels from the same weights", () =>
    withFolder(async (folder) => {
      process.env.SONOMARK_CACHE = join(folder, "cache");
      const root = join(folder, "images");
      const files = await Promise.all(
        ["benign", "malignant"].flatMap((label) =>
          range(8).map(async (i) => [`${label}/${i}.png`, await greyPng(8, 8, (x, y) => x * (i + 1) + y * label.length)] as const),
        ),
      );
      await writeFiles(root, Object.fromEntries(files));
      const study = studyOf({ data: { source: `folder:${root}`, imageSize: 32, folds: 4, duplicates: "exact" } });
      const { digest } = (await openStudyManifest(study.data, study.seed)).manifest;
      const open = (own: Arm) => openFold(asking({ study, data: digest, fold: 1, repeat: 0, seed: 0, arm: own }));

      const [all, half] = [await open(arm()), await open(arm({ labels: 0.5 }))];
      assert.equal(
        [...all.images, ...all.held].sort((a, b) => a - b),
        range(16),
      );
      const groups = (images: readonly number[]) => new Set(images.map((image) => all.data.groups[image]));
      assert.is([...groups(all.images)].filter((group) => groups(all.held).has(group)).length, 0);
      assert.is(half.images.length, all.images.length / 2);
      assert.ok(half.images.every((image) => all.images.includes(image)));
      assert.equal([half.held, half.start, half.stream], [all.held, all.start, "finetune/fold-1"]);
    }));

  test("refuses a task without a fold or an arm", async () => {
    const refused = async (task: Partial<Task>) =>
      openFold(asking(task)).then(
        () => "",
        (error: Error) => error.message,
      );
    assert.is(await refused({ fold: null, arm: arm() }), "finetune: the task must name a fold and an arm, got fold null");
    assert.is(await refused({ fold: 1, arm: null }), "finetune: the task must name a fold and an arm, got fold 1 and no arm");
  });
});
