import { join } from "node:path";
import * as assert from "uvu/assert";
import { evaluationSchema } from "../src/config/evaluation.ts";
import { studySchema } from "../src/config/study.ts";
import type { Task } from "../src/config/task.ts";
import { gatheredName } from "../src/config/tuned.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { auroc } from "../src/metrics/auroc.ts";
import type { StageContext } from "../src/run/stage.ts";
import { describe } from "../src/testing/describe.ts";
import { packageRoot } from "../src/util/files.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { predictionsCsv, type Prediction } from "./predictions.ts";
import { tuned } from "./tuned.ts";

const study = studySchema.parse({
  name: "tuned",
  data: { source: `bus-bra:${join(packageRoot, "experiments/sample/BUSBRA")}`, folds: 3 },
  finetune: { initialisations: ["pretrained"] },
  analysis: { bootstraps: 100, permutations: 99 },
});

const images = openStudyManifest(study.data, study.seed);

/** Predictions of trial `trial`, which knows the class better the higher its number is. */
async function predictionsOf(trial: number): Promise<Prediction[]> {
  const { manifest, split } = await images;
  const rng = rngOf(trial, "predictions");
  return manifest.images.map(({ id, group, label }, i) => {
    const score = rng.normal() + (label === "malignant" ? trial : 0);
    const probability = 1 / (1 + Math.exp(-score));
    return { image: id, group, label, fold: split.folds[i], score, probability, shares: [1 - probability, probability] };
  });
}

/** Runs the task on the runs of trials, whose ids are "trial-fold". @returns artifacts by path */
async function gathered(trialOf: Record<"tuned" | "default" | "best", number[] | undefined>): Promise<Record<string, string>> {
  const needs = Object.fromEntries(
    Object.entries(trialOf).flatMap(([name, trials]) =>
      (trials ?? []).map((trial, fold) => [gatheredName(name as "tuned", fold), `${trial}-${fold}`]),
    ),
  );
  const left: Record<string, string> = {};
  const context = {
    task: { study, needs } as unknown as Task,
    needed: async (name: string) => ({ info: { runId: needs[name] } }),
    store: {
      listArtifacts: async () => [],
      async readArtifact(runId: string) {
        const [trial, fold] = runId.split("-").map(Number);
        return Buffer.from(predictionsCsv((await predictionsOf(trial)).filter((row) => row.fold === fold)));
      },
    },
    artifact: async (path: string, text: string) => void (left[path] = text),
    metric: () => undefined,
  };
  await tuned(context as unknown as StageContext);
  return left;
}

const areaOf = (rows: readonly Prediction[]) =>
  auroc(
    rows.map(({ label }) => Number(label === "malignant")),
    rows.map(({ score }) => score),
  );

describe("tuned", (test) => {
  test("evaluates each fold by its own trial beside the study's own settings, and the best trial apart from them", async () => {
    const left = await gathered({ tuned: [0, 1, 2], default: [0, 0, 0], best: [2, 2, 2] });
    const evaluation = evaluationSchema.parse(JSON.parse(left["evaluation.json"]));
    const [none, some, much] = await Promise.all(range(3).map(predictionsOf));
    const nested = [none, some, much].flatMap((rows, fold) => rows.filter((row) => row.fold === fold));
    const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`); // predictions pass through text
    assert.equal(
      evaluation.models.map(({ name }) => name),
      ["tuned", "default"],
    );
    close(evaluation.models[0].auroc.estimate, areaOf(nested));
    close(evaluation.models[1].auroc.estimate, areaOf(none));
    close(evaluation.comparisons[0].delta.estimate, areaOf(nested) - areaOf(none));
    assert.match(evaluation.comparisons[0].sentence, /^AUROC of tuned minus default: /);
    const optimistic = evaluationSchema.parse(JSON.parse(left["optimistic.json"]));
    close(optimistic.models[0].auroc.estimate, areaOf(much));
    assert.is(left["oof-predictions.csv"].trim().split("\n").length, 1 + 2 * none.length);
  });
  test("leaves the study's own settings out where they were no trial", async () => {
    const left = await gathered({ tuned: [0, 1, 1], default: undefined, best: [1, 1, 1] });
    const { models, comparisons } = evaluationSchema.parse(JSON.parse(left["evaluation.json"]));
    assert.equal([models.map(({ name }) => name), comparisons], [["tuned"], []]);
  });
});
