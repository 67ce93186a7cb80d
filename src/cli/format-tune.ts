/** @file What a search found as plain text for a terminal. */
import type { Evaluation } from "../config/evaluation.ts";
import type { ParamValue } from "../config/tune.ts";
import type { Tuned } from "../config/tuned.ts";
import { fixed, percent, settingValue, withInterval } from "../util/format-number.ts";
import { formatTable } from "../util/text-table.ts";
import { formatEvaluation } from "./format-results.ts";

const BAR = 30;

const METRIC: Record<string, string> = { auroc: "AUROC", log_loss: "log loss" };

export interface TuneText {
  study: string;
  /** as the command line names it, with its own changes */
  command: string;
  tuned: Tuned;
  /** the study's own values by path, where they are in the space */
  own: Record<string, ParamValue> | undefined;
  evaluation: Evaluation;
  optimistic: Evaluation;
}

export function formatTune({ study, command, tuned, own, evaluation, optimistic }: TuneText): string {
  const { counts, byFold, best, metric, importance } = tuned;
  const inner = `inner ${METRIC[metric] ?? metric}`;
  const { complete, pruned, failed } = counts;
  const paths = importance.map(({ path }) => path);
  const settings = paths.map((path) => [
    path,
    settingValue(best.params[path]),
    ...(own ? [settingValue(own[path])] : []),
    ...byFold.map(({ params }) => settingValue(params[path])),
  ]);
  const folds = byFold.map(({ fold }) => `fold ${fold}`);
  return [
    `Search over ${paths.length} settings of study ${study}: ${complete + pruned + failed} trials (${complete} complete, ${pruned} pruned, ${failed} failed), judged by the ${inner} of every fold`,
    formatTable(
      ["", "best", ...(own ? ["own"] : []), ...folds],
      [
        ["trial", String(best.trial), ...(own ? [String(tuned.own?.trial ?? "–")] : []), ...byFold.map(({ trial }) => String(trial))],
        [inner, fixed(best.value), ...(own ? [tuned.own ? fixed(tuned.own.value) : "–"] : []), ...byFold.map((one) => fixed(one.inner))],
        ...settings,
      ],
    ),
    formatEvaluation(evaluation),
    nested(tuned),
    `The best single trial has held-out AUROC ${withInterval(optimistic.models[0].auroc)}. That is optimistic: inner splits of all folds chose it, and they hold these images.`,
    importanceText(importance),
    `The best settings as a study:\n  ${command}${Object.entries(best.params)
      .map(([path, value]) => ` --set ${shellSafe(`${path}=${asText(value)}`)}`)
      .join("")}`,
  ].join("\n\n");
}

const nested = ({ strict, byFold, own }: Tuned): string =>
  [
    ...(own && byFold.every(({ trial }) => trial === own.trial)
      ? ["Every fold chose the study's own settings: the search found none that its inner split likes better."]
      : []),
    `"tuned" is nested: each fold's model has the settings that the fold's own inner split chose of ${[...new Set(byFold.map(({ candidates }) => candidates))].join(" to ")} trials, and predicts images that did not choose.`,
    strict
      ? "Which settings were tried depends on no label."
      : "Which settings were tried was led by means over folds, in which those images had a part; for a number free of that too, use --sampler random or sobol with --pruner none.",
  ].join("\n");

function importanceText(importance: Tuned["importance"]): string {
  if (importance.every(({ divergence }) => divergence === 0)) return "Importance: too few complete trials to tell.";
  const width = Math.max(...importance.map(({ path }) => path.length));
  const rows = importance
    .toSorted((a, b) => b.share - a.share)
    .map(
      ({ path, share }) =>
        `  ${path.padEnd(width)}  ${"█".repeat(Math.round(BAR * share)).padEnd(BAR, "·")}  ${percent(share, 0).padStart(5)}`,
    );
  return ["Importance for being among the best trials (PED-ANOVA):", ...rows].join("\n");
}

/** As --set reads it: text that is no JSON needs no quotes. */
function asText(value: ParamValue): string {
  if (typeof value !== "string") return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

const shellSafe = (text: string): string => (/^[\w.=:/,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
