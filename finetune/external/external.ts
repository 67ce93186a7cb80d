/** @file External test: every model of a study on another data set with its calibration kept, beside the internal result, and what has shifted. */
import { armName } from "../../src/config/arm.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import { EXTERNAL_FILES, type External } from "../../src/config/external.ts";
import { datasetInput } from "../../src/data/dataset-input.ts";
import { openExternalImages, type ExternalImages } from "../../src/data/external-images.ts";
import type { Frames } from "../../src/data/frames/frames.ts";
import { loadFrames } from "../../src/data/frames/load.ts";
import { heldOutIndices } from "../../src/data/study-data.ts";
import { startEngine } from "../../src/engine/start.ts";
import { fittedModels } from "../../src/run/fitted-models.ts";
import { dealOf } from "../../src/run/plan.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { EXTERNAL_DATA_TAG, EXTERNAL_MODEL_TAG } from "../../src/run/tags.ts";
import { range } from "../../src/util/rng.ts";
import { UserError } from "../../src/util/user-error.ts";
import { aboutImages } from "../evaluation/about-images.ts";
import { predictionsCsv } from "../predictions.ts";
import { besideInternal } from "./beside-internal.ts";
import { evaluateExternal, externalTerms, membersByArm, type ArmMembers } from "./evaluate-external.ts";
import { featuresBy } from "./features.ts";
import { internalPredictions } from "./internal.ts";
import { askMember, ensemblePredictions, type Case, type Member } from "./members.ts";
import { shiftOf, type Compared } from "./shift/shift.ts";
import { calibrationText, leakageText, notesOf } from "./sentences.ts";

/** Runs the task: `evaluation.json`, `predictions.csv`, `external.json`, `shift.json`. */
export async function external(context: StageContext): Promise<void> {
  const { task, store, runId, artifact, metric, tag } = context;
  const { study, external: test } = task;
  if (!test) throw new RangeError("external: the task must say what is tested, got no settings");
  await startEngine({ threads: study.threads });
  const found = await fittedModels(store, task.parentRunId);
  const models = found.models.filter(({ key }) => Object.values(task.needs).includes(key));
  const [{ repeat }] = models;
  const images = await openExternalImages(test, dealOf(study, repeat));
  if (images.digest !== task.data)
    throw new UserError(`the data in ${images.manifest.root} changed while they were tested; run the same command again`, { status: 409 });
  await store.logInputs(runId, [datasetInput(images.manifest, "test")]);
  await tag({
    [EXTERNAL_MODEL_TAG]: models.map((model) => model.runId).join(" "),
    [EXTERNAL_DATA_TAG]: `${images.manifest.reader} ${images.manifest.digest}`,
  });

  const frames = await loadFrames(images.manifest, study.data.imageSize);
  const members: Member[] = [];
  for (const [i, model] of models.entries()) {
    members.push(await askMember(store, model, { frames, images: range(frames.n), testTimeViews: study.finetune.testTimeViews }));
    await context.progress(i + 1, models.length + 2, `asked ${model.name}`);
  }
  const cases = images.manifest.images.map(({ id, group, label }): Case => ({ image: id, group, label }));
  const arms = membersByArm(members);
  const terms = externalTerms(study, study.data.classes);
  const compared = await compare(context, images, frames, members[0]);
  const internal = await internalPredictions(context, arms);
  await context.progress(models.length + 1, models.length + 2, "evaluating");

  const about = aboutImages(images.manifest.images, images.facts, range(cases.length), {
    ...study.data,
    target: test.target,
    seed: study.seed,
  });
  const evaluation: Evaluation = { ...evaluateExternal(arms, cases, terms, about.attributes), shortcuts: about.shortcuts, baselines: [] };
  const rows = arms.map((one) => besideInternal(one, cases, internal.get(armName(one.arm)) ?? null, terms));
  const { manifest } = images;
  const result: External = {
    model: {
      study: study.name,
      studyRunId: task.parentRunId,
      reader: images.study?.manifest.reader ?? study.data.source.split(":")[0],
      transductive: study.transductive,
    },
    data: {
      ...{ reader: manifest.reader, digest: manifest.digest, target: test.target, images: cases.length },
      ...{ groups: evaluation.groups, classes: images.classes },
    },
    leakage: { checked: images.study !== null, copies: images.copies, leftOut: images.leftOut, sentence: leakageText(images) },
    calibration: calibrationText(members),
    rows,
    notes: notesOf(study, found.without),
  };
  const shift = shiftOf(arms, cases, internal, compared, terms);
  await artifact("evaluation.json", JSON.stringify(evaluation, null, 2));
  await artifact(EXTERNAL_FILES.predictions, predictionsTable(arms, cases));
  await artifact(EXTERNAL_FILES.external, JSON.stringify(result, null, 2));
  await artifact(EXTERNAL_FILES.shift, JSON.stringify(shift, null, 2));
  for (const { name, ensemble, single, deltaSingle } of rows) {
    metric(`external/${name}/auroc`, ensemble.estimate, 0);
    metric(`external/${name}/auroc_single`, single.estimate, 0);
    if (deltaSingle) metric(`external/${name}/delta_auroc`, deltaSingle.estimate, 0);
  }
}

/** What the study's own images are needed for, beside the search for copies. */
async function compare({ store, task }: StageContext, images: ExternalImages, frames: Frames, first: Member): Promise<Compared> {
  if (images.study === null) return { pictured: null, featured: null };
  const { manifest, facts, split } = images.study;
  const own = await loadFrames(manifest, task.study.data.imageSize);
  const held = heldOutIndices(split, first.fold);
  const [study, external] = await featuresBy(store, first.runId, [
    { frames: own, images: held },
    { frames, images: range(frames.n) },
  ]);
  const groups = manifest.images.map(({ group }) => group);
  const others = images.manifest.images.map(({ group }) => group);
  return {
    pictured: [
      { groups, facts, frames: own },
      { groups: others, facts: images.facts, frames },
    ],
    featured: {
      model: first.name,
      study: { features: study, groups: held.map((i) => groups[i]) },
      external: { features: external, groups: others },
    },
  };
}

/** The ensemble's rows by arm, with a column for each model's own calibrated probability. */
function predictionsTable(arms: readonly ArmMembers[], cases: readonly Case[]): string {
  const most = Math.max(...arms.map(({ members }) => members.length));
  const rows = arms.flatMap(({ arm, members }) =>
    ensemblePredictions(cases, members).map((prediction, i) => ({
      prediction,
      more: {
        model: armName(arm),
        ...Object.fromEntries(range(most).map((m) => [`probability-${m}`, members[m]?.shares[i].at(-1) ?? ""])),
      },
    })),
  );
  return predictionsCsv(
    rows.map(({ prediction }) => prediction),
    (row) => rows[row].more,
  );
}
