/**
 * @file BUSI, benign against malignant: scratch, scratch trained as long, ImageNet, SimCLR, BYOL and SwAV, and what needs no network, on the same folds;
 * and what folds that split groups would have said. Markdown on stdout, progress on stderr; what was killed goes on with the same command.
 * `npm run -s bench -- busi-benchmark --data busi:<folder> [--sizes 64,96] [--store folder] [--jobs 2] [--quick]`; ImageNet needs `sonomark model fetch`.
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readPredictions } from "../finetune/predictions.ts";
import { compareArms } from "../finetune/evaluation/compare-arms.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "../finetune/evaluation/terms.ts";
import { storeOf } from "../src/cli/options.ts";
import { runStudyHere } from "../src/cli/run-study.ts";
import { readResults } from "../src/cli/study-results.ts";
import type { Arm } from "../src/config/arm.ts";
import type { Evaluation, ModelComparison } from "../src/config/evaluation.ts";
import type { StudyConfig } from "../src/config/study.ts";
import { groupsCsv } from "../src/data/groups-file.ts";
import { loadManifest } from "../src/data/load.ts";
import type { Store } from "../src/tracking/store.ts";
import { cacheFolder, writeAtomic } from "../src/util/files.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import { parseCsv } from "../src/util/csv.ts";
import { sizeSection, titleOf, type BenchmarkModel } from "./busi-benchmark/document.ts";
import { studiesOf, type BenchmarkStudy } from "./busi-benchmark/studies.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    sizes: { type: "string", default: "64,96" },
    store: { type: "string" },
    jobs: { type: "string", default: "2" },
    quick: { type: "boolean", default: false },
  },
});
const SCRATCH: Arm = { protocol: "finetune", initialisation: "scratch", labels: 1 };
const LONG: Arm = { ...SCRATCH, initialisation: "scratch-long" };
const same = (a: Arm, b: Arm) => a.protocol === b.protocol && a.initialisation === b.initialisation;

try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function run(): Promise<string> {
  if (!options.data) throw new UserError("give the data with --data busi:<folder>");
  const store = storeOf(options.store);
  const groups = await groupOfItsOwn(options.data);
  const sections: string[] = [];
  for (const text of options.sizes.split(",")) {
    const size = Number(text);
    if (size !== 64 && size !== 96) throw new UserError(`--sizes names ${text}: choose of 64, 96`);
    sections.push(await ofSize(store, size, groups));
  }
  const machine = `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${options.jobs} processes of one thread, Node ${process.versions.node}`;
  return [
    "# BUSI, benign against malignant",
    `\`npm run -s bench -- busi-benchmark${options.quick ? " --quick" : ""}\` on ${machine}. ResNet-10 of width 32, output stride 16; ` +
      "pretraining 60 epochs inside the training folds, fine-tuning 30; ImageNet: EfficientNet-Lite0. Settings are the defaults, and were not chosen on these data; " +
      "temperature is chosen on an inner split. 95 % intervals over groups; paired differences by exchange within groups. Research software, not a medical device.",
    ...sections,
  ].join("\n\n");
}

/** A table that makes every image a group of its own. */
async function groupOfItsOwn(source: string): Promise<string> {
  const { images } = await loadManifest(source);
  const path = join(cacheFolder(), "busi-benchmark", "every-image-a-group.csv");
  await writeAtomic(path, groupsCsv(images.map((image) => ({ path: image.path, group: image.path }))));
  return path;
}

interface Done {
  config: StudyConfig;
  evaluation: Evaluation;
  arms: ArmPredictions[];
}

async function study(store: Store, config: StudyConfig): Promise<Done> {
  const { run: parent } = await runStudyHere(config, store, { until: "evaluate", jobs: Number(options.jobs) });
  const { evaluation } = await readResults(store, parent);
  const text = (await store.readArtifact(parent.info.runId, "oof-predictions.csv")).toString("utf8");
  const names = parseCsv(text, "oof-predictions.csv", ["model"]).map(({ model }) => model);
  const rows = readPredictions(text, "oof-predictions.csv", config.data.classes);
  const arms = evaluation!.models.map(({ name, arm }) => ({
    arm,
    replicates: [{ predictions: rows.filter((_, i) => names[i] === name), calibrations: [] }],
  }));
  return { config, evaluation: evaluation!, arms };
}

async function ofSize(store: Store, imageSize: 64 | 96, groups: string): Promise<string> {
  const { models, random } = studiesOf(options.data!, imageSize, { groups, quick: options.quick });
  const done: (Done & BenchmarkStudy)[] = [];
  for (const one of models) done.push({ ...one, ...(await study(store, one.study)) });
  const leaked = await study(store, random);
  const [first] = done;
  const find = (arm: Arm) => first.arms.find((one) => same(one.arm, arm))!;
  const cases = casesOf(first);
  const minus = (one: ArmPredictions, arm: Arm, config: StudyConfig): ModelComparison | null =>
    config.encoder.name !== first.config.encoder.name || same(one.arm, arm)
      ? null
      : compareArms([one, find(arm)], cases, termsOf(config))[0];
  return sizeSection({
    imageSize,
    models: done.flatMap(({ title, config, evaluation, arms }): BenchmarkModel[] =>
      evaluation.models.map((model, i) => ({
        title: titleOf(title, model, config.encoder.name === "resnet10" ? "ResNet-10" : "EfficientNet-Lite0"),
        evaluation: model,
        againstScratch: minus(arms[i], SCRATCH, config),
        againstLong: minus(arms[i], LONG, config),
      })),
    ),
    baselines: first.evaluation.baselines,
    images: first.evaluation.images,
    groups: first.evaluation.groups,
    random: leaked.evaluation.models[0],
    scratch: first.evaluation.models.find(({ arm }) => same(arm, SCRATCH))!,
  });
}

const termsOf = ({ data, finetune, seed, transductive, analysis }: StudyConfig): EvaluationTerms => ({
  data,
  finetune,
  seed,
  transductive,
  analysis,
});

function casesOf({ arms, config }: Done): Cases {
  const rows = arms[0].replicates[0].predictions;
  const classOf = rows.map(({ label }) => config.data.classes.indexOf(label));
  return { classOf, labels: classOf, groups: rows.map(({ group }) => group), attributes: new Map() };
}
