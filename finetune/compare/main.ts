/** @file Compares two models of finished studies: `finetune/compare/main.ts --store <uri> [--json] -- <study[:model]> <study[:model]>`. */
import { parseArgs } from "node:util";
import { studySchema } from "../../src/config/study.ts";
import { armName, armsOf } from "../../src/config/arm.ts";
import { findStudies } from "../../src/run/find-study.ts";
import { openStore } from "../../src/tracking/open-store.ts";
import type { Store } from "../../src/tracking/store.ts";
import { parseCsv } from "../../src/util/csv.ts";
import { groupBy } from "../../src/util/group-by.ts";
import { messageOf, UserError } from "../../src/util/user-error.ts";
import { compareModels, type ComparedModel, type RunComparison } from "./compare-models.ts";
import { readPredictions } from "../predictions.ts";

const FILE = "oof-predictions.csv";

const { values, positionals } = parseArgs({
  options: { store: { type: "string" }, json: { type: "boolean", default: false } },
  allowPositionals: true,
});
try {
  const store = openStore(values.store!, { now: () => 0 }); // it only reads
  const [a, b] = await Promise.all(positionals.map((what) => modelOf(store, what)));
  const { seed, analysis } = a.study;
  const found = compareModels(a, b, { seed, analysis });
  process.stdout.write(`${values.json ? JSON.stringify(found, null, 2) : textOf(found)}\n`);
} catch (error) {
  process.stderr.write(
    `sonomark: ${error instanceof UserError ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  process.exitCode = 1;
}

/** @param what name or run id of a study, and after a colon the model's name where it is not the first */
async function modelOf(store: Store, what: string) {
  const [which, asked] = what.split(":");
  const [run] = await findStudies(store, which);
  const { runId } = run.info;
  const study = studySchema.parse(JSON.parse((await store.readArtifact(runId, "study.json")).toString("utf8")));
  const arms = armsOf(study.finetune);
  const arm = asked === undefined ? arms[0] : arms.find((one) => armName(one) === asked);
  if (!arm) throw new UserError(`the study ${study.name} has no model ${asked}; it has ${arms.map(armName).join(", ")}`, { status: 404 });
  const source = `${FILE} of study ${study.name}`;
  const text = (await store.readArtifact(runId, FILE)).toString("utf8");
  const places = parseCsv(text, source, ["model", "repeat", "seed"]);
  const rows = readPredictions(text, source, study.data.classes).map((row, i) => ({
    ...row,
    training: `${places[i].repeat}/${places[i].seed}`,
    model: places[i].model,
  }));
  const trainings = [
    ...groupBy(
      rows.filter(({ model }) => model === armName(arm)),
      ({ training }) => training,
    ).values(),
  ];
  const model: ComparedModel = { name: `${study.name}: ${armName(arm)}`, arm, trainings, classes: study.data.classes };
  return { ...model, study };
}

function textOf({ sentence, images, leftOut, pDelong, foldT, sameFolds }: RunComparison): string {
  return [
    sentence,
    `${images} images that both held out${leftOut > 0 ? `; ${leftOut} that one of them has are left out` : ""}.`,
    ...(pDelong === null ? [] : [`DeLong's p, which takes images as independent: ${pDelong.toFixed(3)}.`]),
    ...(foldT === null
      ? []
      : [
          `Over folds, corrected for shared training images: ${foldT.mean.toFixed(3)} (${foldT.low.toFixed(3)} to ${foldT.high.toFixed(3)}), p = ${foldT.p.toFixed(3)}.`,
        ]),
    ...(sameFolds ? [] : ["Their folds differ, so they were trained on other images too."]),
    "",
    "Research software, not a medical device.",
  ].join("\n");
}
