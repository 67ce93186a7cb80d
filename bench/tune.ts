/**
 * @file How near a search of 60 trials gets to the minimum of three functions, over 20 seeds, beside real Optuna's TPE. Markdown.
 * `npm run bench -- tune [--trials 60] [--seeds 20] [--first-seed 0] [--python <interpreter with optuna>]`; without an interpreter one is made under the
 * cache folder. `--development` compares bandwidths on the functions on which they were chosen, with and without noise, and needs no Python;
 * `--pruner` prints how often the Wilcoxon pruner stops which trials.
 * Our seeds and Optuna's are not the same streams, so seeds are compared as two samples: medians, with a bootstrap interval of their difference.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cliffsDelta } from "../src/metrics/cliffs-delta.ts";
import { mean, median } from "../src/metrics/moments.ts";
import { quantile } from "../src/metrics/quantile.ts";
import { percent } from "../src/util/format-number.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { optunaPython } from "./optuna/venv.ts";
import { development } from "./tune/development.ts";
import { functions, type TestFunction } from "./tune/functions.ts";
import { pruningRates } from "./tune/pruning.ts";
import { excessOf, type Setting } from "./tune/samplers.ts";

const OURS = "TPE";
const settings: Record<string, Setting> = {
  [OURS]: { sampler: { name: "tpe" } },
  "TPE, 8 jobs": { sampler: { name: "tpe" }, jobs: 8 },
  "TPE, Optuna's bandwidth": { sampler: { name: "tpe", bandwidth: "range" } },
  "TPE, each parameter by itself": { sampler: { name: "tpe", multivariate: false } },
  random: { sampler: { name: "random" } },
  Sobol: { sampler: { name: "sobol" } },
};
/** Variants of bench/optuna/tpe.py, and what they are. */
const optunas: Record<string, string> = { default: "TPESampler()", multivariate: "TPESampler(multivariate, group, constant_liar)" };

const { values: options } = parseArgs({
  options: {
    trials: { type: "string", default: "60" },
    seeds: { type: "string", default: "20" },
    "first-seed": { type: "string", default: "0" },
    python: { type: "string" },
    development: { type: "boolean", default: false },
    pruner: { type: "boolean", default: false },
  },
});
const [trials, seeds, first] = [Number(options.trials), Number(options.seeds), Number(options["first-seed"])];
if (!(trials >= 1 && seeds >= 2 && first >= 0))
  throw new RangeError("bench tune: --trials must be at least 1, --seeds 2 and --first-seed 0");

const digits = (value: number) => value.toPrecision(3);
const excesses = (f: TestFunction, setting: Setting, noise = 0) => range(seeds).map((i) => excessOf(f, setting, first + i, trials, noise));

/** Best values of real Optuna; `version` says which. */
function optuna(python: string, name: string, variant: string): { version: string; best: number[] } {
  const args = { function: name, variant, trials, seeds, "first-seed": first };
  const script = join(import.meta.dirname, "optuna/tpe.py");
  const out = execFileSync(python, [script, ...Object.entries(args).flatMap(([key, value]) => [`--${key}`, `${value}`])], {
    encoding: "utf8",
  });
  return JSON.parse(out) as { version: string; best: number[] };
}

/** Median of `ours` minus median of `theirs` with the 95 % percentile interval of 10,000 resamples, each sample by itself. */
function difference(ours: readonly number[], theirs: readonly number[], seed: string): string {
  const rng = rngOf(1, "bootstrap", seed);
  const resample = (values: readonly number[]) => median(values.map(() => values[rng.int(values.length)]));
  const draws = range(10_000).map(() => resample(ours) - resample(theirs));
  return `${digits(median(ours) - median(theirs))} [${digits(quantile(draws, 0.025))}, ${digits(quantile(draws, 0.975))}]`;
}

function row(sampler: string, values: readonly number[]): string {
  return `| ${sampler} | ${[0.5, 0.25, 0.75].map((q) => digits(quantile(values, q))).join(" | ")} |`;
}

async function againstOptuna(): Promise<void> {
  const python = options.python ?? (await optunaPython());
  console.log(`${trials} trials, seeds ${first} to ${first + seeds - 1}. Excess of the best value over the minimum; smaller is better.`);
  for (const [name, f] of Object.entries(functions)) {
    console.log(`\n### ${name}, ${f.space.length} parameters\n\n| sampler | median | lower quartile | upper quartile |\n|---|---|---|---|`);
    const ours = excesses(f, settings[OURS]);
    for (const [setting, each] of Object.entries(settings)) console.log(row(setting, setting === OURS ? ours : excesses(f, each)));
    const verdicts = Object.entries(optunas).map(([variant, what]) => {
      const { version, best } = optuna(python, name, variant);
      const theirs = best.map((value) => value - f.minimum);
      console.log(row(`Optuna ${version} ${what}`, theirs));
      const kept = median(ours) <= median(theirs) ? "kept" : "MISSED";
      return `- ${OURS} minus Optuna ${what}: medians ${difference(ours, theirs, name + variant)}, Cliff's delta ${cliffsDelta(ours, theirs).toFixed(2)}; at least as good: ${kept}`;
    });
    console.log(`\n${verdicts.join("\n")}`);
  }
}

function developed(): void {
  console.log(`${trials} trials, seeds ${first} to ${first + seeds - 1}. Mean over seeds of log10(excess + 1e-6); smaller is better.\n`);
  console.log(
    `| sampler | noise | ${Object.keys(development).join(" | ")} | mean |\n|---|---|${"---|".repeat(Object.keys(development).length + 1)}`,
  );
  for (const [setting, each] of Object.entries(settings))
    for (const noisy of [false, true]) {
      const logs = Object.values(development).map((f) =>
        mean(excesses(f, each, noisy ? f.noise : 0).map((excess) => Math.log10(Math.max(0, excess) + 1e-6))),
      );
      console.log(
        `| ${setting} | ${noisy ? "yes" : "no"} | ${logs.map((value) => value.toFixed(2)).join(" | ")} | ${mean(logs).toFixed(3)} |`,
      );
    }
}

function pruned(): void {
  console.log(
    "Worse than the best trial by so many standard deviations of a fold's difference; 5,000 trials a line, p < 0.1 after every fold.\n",
  );
  console.log("| folds | worse by | stopped | folds run |\n|---|---|---|---|");
  for (const folds of [5, 10, 15])
    for (const shift of [-0.5, 0, 0.5, 1]) {
      const { stopped, run } = pruningRates(folds, shift, 5000);
      console.log(`| ${folds} | ${shift} | ${percent(stopped)} | ${percent(run)} |`);
    }
}

if (options.pruner) pruned();
else if (options.development) developed();
else await againstOptuna();
