/** @file `sonomark tune`: a search over the settings of a study, judged inside each fold. */
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { evaluationSchema } from "../config/evaluation.ts";
import { samplerSchema, prunerSchema } from "../config/tune.ts";
import { innerMetricSchema, studyTuneSchema } from "../config/tune-study.ts";
import { OWN_TRIAL, TUNE_FILES } from "../config/tuned.ts";
import type { TuneOutcome } from "../run/tune/tune-study.ts";
import type { Store } from "../tracking/store.ts";
import { describeSettings } from "./describe-settings.ts";
import { formatTune } from "./format-tune.ts";
import { loadStudy } from "./load-study.ts";
import { loadTune } from "./load-tune.ts";
import { count, integer, jsonOption, print, storeOf, storeOption } from "./options.ts";
import { runTuneHere } from "./run-tune.ts";
import { collect } from "./study-command.ts";

const UNITS: Record<string, number> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };
const SEARCH = "tune.";

/** "90", "90s", "15m", "2.5h" in ms. */
export function timeout(text: string): number {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)?$/.exec(text.trim()) ?? [];
  const ms = 1000 * Number(number) * UNITS[unit];
  if (!(ms > 0)) throw new InvalidArgumentError(`"${text}" is no time: write 90s, 15m, 2h or 1d.`);
  return ms;
}

const names = (schema: { options: readonly { shape: { name: { value: string } } }[] }) =>
  schema.options.map(({ shape }) => shape.name.value);

export const tuneCommand = () =>
  new Command("tune")
    .description(
      "Search the settings of a study: each trial runs its first arm on every fold and is judged by the folds' inner splits; each fold chooses by its own, and what it holds out says what the search was worth.",
    )
    .argument("<study>", "study file that exports tune, or the name of one in experiments/")
    .option("--trials <n>", "trials in all, those of earlier attempts included", count)
    .option("--timeout <time>", "no trial starts after this time (90s, 15m, 2h); those that run go on to their end", timeout)
    .option("--jobs <n>", "trials side by side; decides, with the seed, which points are tried (default: cores / study.threads)", count)
    .addOption(
      new Option("--sampler <name>", "how the next trial is chosen (default: the study's, else tpe)").choices(names(samplerSchema)),
    )
    .addOption(
      new Option("--pruner <name>", "when a trial is stopped early (default: the study's, else none)").choices(names(prunerSchema)),
    )
    .addOption(new Option("--metric <name>", "what judges a trial (default: the study's, else auroc)").choices(innerMetricSchema.options))
    .option("--space <file>", "search space instead of the study's own: a module that exports tune, or JSON; a bare list is a space")
    .option("--seed <n>", "seed of the search (the study's own: --set seed=3)", integer)
    .option("--data <source>", "data set instead of the study's own: reader:path, or a path alone")
    .option(
      "--set <path=value>",
      "change one setting of the study, or of the search: --set tune.sampler.candidates=48 (repeatable)",
      collect,
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", () => `\nSettings of the search (--set tune.path=value), with defaults:\n${describeSettings(studyTuneSchema)}`)
    .addHelpText("after", "\nHow a space is written, and what is honest about the result: docs/tuning.md")
    .action(async (file, { data, store: uri, json, jobs, timeout: timeoutMs, set = [], ...options }) => {
      const ofSearch = set.filter((one) => one.startsWith(SEARCH)).map((one) => one.slice(SEARCH.length));
      const ofStudy = set.filter((one) => !one.startsWith(SEARCH));
      const study = await loadStudy(file, { data, set: ofStudy });
      const tune = await loadTune(file, { ...options, set: ofSearch });
      const store = storeOf(uri);
      const outcome = await runTuneHere(study, tune, store, { jobs, timeoutMs });
      if (!outcome.ran) process.stderr.write("nothing to do: the store already holds this search for this code, config and data\n");
      const command = [
        "sonomark study",
        file,
        ...(data === undefined ? [] : ["--data", data]),
        ...ofStudy.map((one) => `--set ${one}`),
      ].join(" ");
      await report(store, outcome, { json, command, study: study.name });
    });

async function report(
  store: Store,
  { run, tuned, trials, ran }: TuneOutcome,
  { json, command, study }: { json: true | undefined; command: string; study: string },
): Promise<void> {
  const { runId, artifactUri } = run.info;
  const read = async (path: string) => evaluationSchema.parse(JSON.parse((await store.readArtifact(runId, path)).toString("utf8")));
  const [evaluation, optimistic] = [await read(TUNE_FILES.evaluation), await read(TUNE_FILES.optimistic)];
  const own = tuned.own ? trials.find(({ number }) => number === OWN_TRIAL)!.params : undefined;
  print(json, { runId, ran, store: store.uri, ...tuned, evaluation, optimistic, trials }, () =>
    [
      formatTune({ study, command, tuned, own, evaluation, optimistic }),
      [
        `run    ${runId}  (experiment ${study})`,
        `store  ${store.uri}`,
        `page   ${artifactUri.replace(/^file:\/\//, "")}/${TUNE_FILES.page}`,
      ].join("\n"),
      "Research software, not a medical device.",
    ].join("\n\n"),
  );
}
