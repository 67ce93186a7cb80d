/** @file `sonomark evaluate`: the models of a study on another data set, beside the internal result. */
import { Command } from "@commander-js/extra-typings";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { evaluationSchema } from "../config/evaluation.ts";
import { EXTERNAL_FILES, externalSchema, externalTestSchema, type ExternalTest } from "../config/external.ts";
import { parseConfig } from "../config/parse.ts";
import { shiftSchema } from "../config/shift.ts";
import { openExternalImages } from "../data/external-images.ts";
import { engineStamp } from "../engine/stamp.ts";
import { codeVersion } from "../run/code-version.ts";
import { runExternalTest } from "../run/external.ts";
import { fittedModels } from "../run/fitted-models.ts";
import { withStudyLock } from "../run/lock.ts";
import { dealOf } from "../run/plan.ts";
import type { Store } from "../tracking/store.ts";
import { duplicatesOption, sourceText } from "./data/source-options.ts";
import { formatExternal, type ExternalResults } from "./format-external.ts";
import { interruptSignal } from "./interrupt.ts";
import { jsonOption, print, storeOf, storeOption } from "./options.ts";
import { progressBar } from "./progress-bar.ts";
import { progressDisplay, type ProgressDisplay } from "./progress.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** As --training has it: no images of the study to compare with. */
const NONE = "none";

export const evaluateCommand = () =>
  new Command("evaluate")
    .description(
      "External test: ask the fitted models of a study about another data set, with the calibration of training, and tell the result beside the internal one, with what has shifted. Copies of the study's images are left out.",
    )
    .requiredOption("--model <run>", "the name of a study, or the id of a study's run or of a fine-tuning run")
    .requiredOption("--data <source>", `the other data set: ${sourceText}`)
    .option(
      "--classes <names>",
      "its classes, in the order of the model's, where they are called otherwise: benign,malignant; a|b joins two",
      (text) => text.split(","),
    )
    .option("--target <column>", "column of its tables that is predicted", "label")
    .option("--groups <table>", "table image,group that decides groups instead of the data set", "")
    .option(
      "--training <source>",
      `where the study's own images lie now, or ${NONE}: then copies of them are not looked for (default: as the study says)`,
    )
    .option("--out <folder>", "writes the results there too")
    .addOption(duplicatesOption())
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nThe result is a run of its own below the study's run: evaluation.json, predictions.csv, external.json, shift.json.",
    )
    .action(async ({ model, data, classes = null, training = "", store: uri, json, out, ...asked }) => {
      const store = storeOf(uri);
      const test = parseConfig(
        externalTestSchema,
        { ...asked, source: data, classes, training: training === NONE ? null : training },
        "sonomark evaluate",
      );
      const { runId, ran } = await testHere(store, model, test);
      const results = await readExternal(store, runId);
      if (!ran) say("the store already holds this test for this code, these models and data: not run again");
      const folder = out === undefined ? undefined : await copyOut(store, runId, resolve(out));
      print(json, { runId, ran, store: store.uri, ...results }, () => formatExternal(results, { runId, store: store.uri, folder }));
    });

/** Runs the test in a process of this machine, with progress on stderr. */
async function testHere(store: Store, what: string, asked: ExternalTest): Promise<{ runId: string; ran: boolean }> {
  const models = await fittedModels(store, what);
  const { study, studyRun } = models;
  const { signal, release } = interruptSignal();
  let display: ProgressDisplay | undefined;
  signal.addEventListener("abort", () => display?.close());
  try {
    const bar = progressBar(Date.now);
    const expected = studyRun.tags["sonomark.data"];
    const opening = openExternalImages(asked, dealOf(study, models.models[0].repeat), { note: say, progress: bar.update, expected });
    const images = await opening.finally(bar.close);
    if (images.leftOut > 0)
      say(`${images.leftOut} images are left out: ${images.copies} show a picture of the study, the others are in a group with one`);
    const { reader, root } = images.manifest;
    const own = images.study?.manifest;
    const test = {
      ...asked,
      source: `${reader}:${root}`,
      groups: asked.groups === "" ? "" : resolve(asked.groups),
      training: own ? `${own.reader}:${own.root}` : null,
    };
    const circumstances = { code: await codeVersion(), engine: await engineStamp() };
    return await withStudyLock(store, study.name, signal, async (locked) => {
      display = progressDisplay(1, Date.now);
      const { run, ran } = await runExternalTest(models, test, {
        ...{ store, reader, digest: images.digest, ...circumstances, now: Date.now, signal: locked },
        onEvent: (task, event) => display?.onEvent(task, event),
      });
      return { runId: run.info.runId, ran };
    });
  } finally {
    display?.close();
    release();
  }
}

async function readExternal(store: Store, runId: string): Promise<ExternalResults> {
  const read = async (path: string): Promise<unknown> => JSON.parse((await store.readArtifact(runId, path)).toString("utf8"));
  return {
    evaluation: evaluationSchema.parse(await read("evaluation.json")),
    external: externalSchema.parse(await read(EXTERNAL_FILES.external)),
    shift: shiftSchema.parse(await read(EXTERNAL_FILES.shift)),
  };
}

async function copyOut(store: Store, runId: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const path of ["evaluation.json", ...Object.values(EXTERNAL_FILES)])
    await writeFile(join(folder, path), await store.readArtifact(runId, path));
  return folder;
}
