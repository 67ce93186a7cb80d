/** @file `pretrain`, `finetune`, `analyse`, `study`: one study, run up to a stage. What the store holds is not run again. */
import { Command, Option } from "@commander-js/extra-typings";
import type { Stage } from "../config/task.ts";
import type { StudyOutcome } from "../run/study.ts";
import type { Store } from "../tracking/store.ts";
import { describeSettings } from "./describe-settings.ts";
import { loadStudy, type StudyOverrides } from "./load-study.ts";
import { count, integer, jsonOption, print, storeOf, storeOption } from "./options.ts";
import { previewViews } from "./preview.ts";
import { runStudyHere } from "./run-study.ts";
import { readResults, resultText } from "./study-results.ts";

/** An option that may be given again and again. */
export const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

const stageCommand = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .argument("[study]", "study file, or the name of one in experiments/", "experiments/demo.ts")
    .option("--data <source>", "data set instead of the study's own: reader:path, or a path alone")
    .option("--seed <n>", "seed instead of the study's own", integer)
    .option("--set <path=value>", "change one setting (repeatable), for example --set finetune.epochs=10", collect)
    .option("--jobs <n>", "tasks side by side (default: cores / study.threads, as far as 2 GiB of memory a task allow)", count)
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", () => `\nSettings (--set path=value), with defaults:\n${describeSettings()}`);

interface StageOptions extends StudyOverrides {
  jobs?: number | undefined;
  store?: string | undefined;
  json?: true | undefined;
  stopOnCollapse?: true | undefined;
}

const stopOnCollapse = () => new Option("--stop-on-collapse", "end a pretraining whose embeddings have collapsed");

const studyOf = (file: string, { stopOnCollapse: stop, set = [], ...overrides }: StageOptions) =>
  loadStudy(file, { ...overrides, set: [...(stop ? ["pretrain.stopOnCollapse=true"] : []), ...set] });

/** Runs the study in `file` up to a stage, and prints what it found. */
async function run(file: string, until: Stage, options: StageOptions): Promise<void> {
  const study = await studyOf(file, options);
  const store = storeOf(options.store);
  const outcome = await runStudyHere(study, store, { until, ...(options.jobs ? { jobs: options.jobs } : {}) });
  if (!outcome.ran)
    process.stderr.write(
      `nothing to do: the store already holds ${until === "analyse" ? "this study" : "these results"} for this code, config and data\n`,
    );
  await report(store, outcome, options.json);
}

/** Prints what a study found, and where it is. */
export async function report(store: Store, outcome: StudyOutcome, json: boolean | undefined): Promise<void> {
  const results = await readResults(store, outcome.run);
  print(json, { runId: outcome.run.info.runId, ran: outcome.ran, store: store.uri, ...results }, () =>
    resultText(store, outcome.run, results),
  );
}

export const pretrainCommand = () =>
  stageCommand("pretrain", "Pretrain the encoder of every fold on the training folds' images, without labels.")
    .addOption(stopOnCollapse())
    .option("--preview <file.png>", "train nothing: draw some images with their views, as the first fold would see them in its first epoch")
    .option("--preview-images <n>", "how many images to draw", count, 8)
    .action(async (file, { preview, previewImages, ...options }) =>
      preview === undefined ? run(file, "pretrain", options) : previewViews(await studyOf(file, options), preview, previewImages),
    );
export const finetuneCommand = () =>
  stageCommand("finetune", "Fine-tune under grouped cross-validation (pretraining first where needed) and evaluate out of fold.").action(
    (file, options) => run(file, "evaluate", options),
  );
export const analyseCommand = () =>
  stageCommand("analyse", "Explain held-out predictions and test the hot spots (earlier stages first where needed).").action(
    (file, options) => run(file, "analyse", options),
  );
export const studyCommand = () =>
  stageCommand("study", "Run a whole study: pretrain, fine-tune, explain, analyse.")
    .addOption(stopOnCollapse())
    .action((file, options) => run(file, "analyse", options));
