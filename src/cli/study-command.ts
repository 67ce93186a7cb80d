/** @file `pretrain`, `finetune`, `analyse`, `study`: one study, run up to a stage. What the store holds is not run again. */
import { Command } from "@commander-js/extra-typings";
import type { Stage } from "../config/task.ts";
import type { StudyOutcome } from "../run/study.ts";
import type { Store } from "../tracking/store.ts";
import { describeSettings } from "./describe-settings.ts";
import { loadStudy } from "./load-study.ts";
import { count, integer, jsonOption, print, storeOf, storeOption } from "./options.ts";
import { runStudyHere } from "./run-study.ts";
import { readResults, resultText } from "./study-results.ts";

/** An option that may be given again and again. */
export const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

function stageCommand(name: string, description: string, until: Stage): Command<[string]> {
  return new Command(name)
    .description(description)
    .argument("[study]", "study file, or the name of one in experiments/", "experiments/demo.ts")
    .option("--data <source>", "data set instead of the study's own: reader:path, or a path alone")
    .option("--seed <n>", "seed instead of the study's own", integer)
    .option("--set <path=value>", "change one setting (repeatable), for example --set finetune.epochs=10", collect)
    .option("--jobs <n>", "tasks side by side (default: cores / study.threads)", count)
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", () => `\nSettings (--set path=value), with defaults:\n${describeSettings()}`)
    .action(async (file, options) => {
      const study = await loadStudy(file, options);
      const store = storeOf(options.store);
      const outcome = await runStudyHere(study, store, { until, ...(options.jobs ? { jobs: options.jobs } : {}) });
      if (!outcome.ran)
        process.stderr.write(
          `nothing to do: the store already holds ${name === "study" ? "this study" : "these results"} for this code, config and data\n`,
        );
      await report(store, outcome, options.json);
    });
}

/** Prints what a study found, and where it is. */
export async function report(store: Store, outcome: StudyOutcome, json: boolean | undefined): Promise<void> {
  const results = await readResults(store, outcome.run);
  print(json, { runId: outcome.run.info.runId, ran: outcome.ran, store: store.uri, ...results }, () =>
    resultText(store, outcome.run, results),
  );
}

export const pretrainCommand = () =>
  stageCommand("pretrain", "Pretrain the encoder of every fold on the training folds' images, without labels.", "pretrain");
export const finetuneCommand = () =>
  stageCommand(
    "finetune",
    "Fine-tune under grouped cross-validation (pretraining first where needed) and evaluate out of fold.",
    "evaluate",
  );
export const analyseCommand = () =>
  stageCommand("analyse", "Explain held-out predictions and test the hot spots (earlier stages first where needed).", "analyse");
export const studyCommand = () => stageCommand("study", "Run a whole study: pretrain, fine-tune, explain, analyse.", "analyse");
