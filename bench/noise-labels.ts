/**
 * @file What evaluation says where labels mean nothing: how often the 95 % interval of the out-of-fold AUROC holds 0.5, what pooling over folds does to the
 * estimate, and what near-duplicates across folds pretend. Cheap features, no networks. Markdown.
 * `npm run bench -- noise-labels [studies]`, 200 unless told otherwise (about a minute); exit code 1 where the interval meant to be
 * honest covers too seldom, or the planted leak does not show.
 */
import { withinFoldAuroc } from "../src/metrics/within-fold.ts";
import { auroc, aurocOf } from "../src/metrics/auroc.ts";
import { correctedResampledT } from "../src/metrics/corrected-resampled-t.ts";
import { groupBootstrap } from "../src/metrics/group-bootstrap.ts";
import { mean, sd } from "../src/metrics/moments.ts";
import { tallied } from "../src/metrics/tallies.ts";
import { widenForFolds } from "../src/metrics/widen-for-folds.ts";
import { noiseStudy, type Dealing, type NoiseStudy, type NoiseStudyOptions } from "../src/testing/noise-study.ts";
import { binomialBand } from "../src/testing/type-one.ts";
import { range, rngOf } from "../src/util/rng.ts";

const studies = Number(process.argv[2] ?? 200);
const { least, most } = binomialBand(studies, 0.05); // misses
const share = (count: number) => (count / studies).toFixed(3);
const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const faults: string[] = [];

interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/** AUROC of each fold that holds both classes. */
const foldAurocs = ({ labels, scores, folds }: NoiseStudy): number[] =>
  [...new Set(folds)]
    .map((fold) => range(labels.length).filter((i) => folds[i] === fold))
    .map((rows) =>
      auroc(
        rows.map((i) => labels[i]),
        rows.map((i) => scores[i]),
      ),
    )
    .filter((value) => !Number.isNaN(value));

const bootstrapped = (study: NoiseStudy, seed: number, statistic: (rows: Int32Array) => number): Interval =>
  groupBootstrap({ groups: study.groups, labels: study.labels, statistic, bootstraps: 499, rng: rngOf(seed, "noise bootstrap") });
const withinFolds = (study: NoiseStudy, seed: number) =>
  bootstrapped(study, seed, withinFoldAuroc(study.labels, study.scores, study.folds));

/** Intervals by what they are called; the one meant to be honest must cover. */
const intervals: { name: string; honest: boolean; of: (study: NoiseStudy, seed: number, folds: number) => Interval }[] = [
  {
    name: "pooled, group bootstrap",
    honest: false,
    of: (study, seed) => bootstrapped(study, seed, tallied(study.labels, study.scores, aurocOf)),
  },
  { name: "within folds, group bootstrap", honest: false, of: withinFolds },
  {
    name: "within folds, group bootstrap, widened for folds",
    honest: true,
    of: (study, seed, folds) => widenForFolds(withinFolds(study, seed), folds),
  },
  {
    name: "mean of folds, corrected resampled t",
    honest: false,
    of: (study, _, folds) => {
      const values = foldAurocs(study).map((value) => value - 0.5);
      const { mean: centre, low, high } = correctedResampledT(values, { trainSize: folds - 1, testSize: 1 });
      return { estimate: 0.5 + centre, low: 0.5 + low, high: 0.5 + high };
    },
  },
  {
    name: "one fold alone, group bootstrap",
    honest: false,
    of: (study, seed) => {
      const rows = range(study.labels.length).filter((i) => study.folds[i] === 0);
      const of = <T>(values: ArrayLike<T>) => rows.map((row) => values[row]);
      const one = { ...study, groups: of(study.groups), labels: of(study.labels), scores: Float64Array.from(of(study.scores)) };
      return bootstrapped(one, seed, tallied(one.labels, one.scores, aurocOf));
    },
  },
];

console.log(`## Coverage: ${studies} studies a line, 5 grouped stratified folds, 499 bootstraps\n`);
console.log(
  "Groups of 1–3 images, a third of the groups positive. Share of studies whose 95 % interval holds the truth: 0.5 on noise, else the mean AUROC that",
);
console.log(
  `the five models have on new images. The 99 % binomial band of an exact interval is ${share(studies - most)}–${share(studies - least)}; bold: below it.\n`,
);
console.log(
  `| data | model | ${intervals.map(({ name }) => name).join(" | ")} | spread of within-fold AUROC / bootstrap's |\n|${"---|".repeat(intervals.length + 3)}`,
);
const cases: { data: string; model: NoiseStudyOptions["model"]; groups: number; features: number; shift?: number }[] = [
  { data: "noise, 60 groups, 1 feature", model: "logistic", groups: 60, features: 1 },
  { data: "noise, 60 groups, 5 features", model: "logistic", groups: 60, features: 5 },
  { data: "noise, 60 groups, 5 features", model: "nearest neighbours", groups: 60, features: 5 },
  { data: "noise, 200 groups, 5 features", model: "logistic", groups: 200, features: 5 },
  { data: "noise, 200 groups, 40 features", model: "logistic", groups: 200, features: 40 },
  { data: "noise, 200 groups, 5 features", model: "nearest neighbours", groups: 200, features: 5 },
  { data: "signal, 60 groups, 5 features", model: "logistic", groups: 60, features: 5, shift: 0.3 },
  { data: "signal, 200 groups, 5 features", model: "logistic", groups: 200, features: 5, shift: 0.5 },
];
for (const { data, ...options } of cases) {
  const held = intervals.map(() => 0);
  const [estimates, widths]: [number[], number[]] = [[], []];
  for (const seed of range(studies)) {
    const study = noiseStudy(seed, { ...options, folds: 5 });
    intervals.forEach(({ of }, i) => {
      const { low, high } = of(study, seed, 5);
      if (low <= study.truth && study.truth <= high) held[i]++;
    });
    const { estimate, low, high } = withinFolds(study, seed);
    estimates.push(estimate - study.truth);
    widths.push((high - low) / (2 * 1.959963984540054));
  }
  const cells = held.map((count, i) => {
    if (intervals[i].honest && studies - count > most)
      faults.push(`${data}, ${options.model}: ${intervals[i].name} covers ${share(count)}`);
    return studies - count > most ? `**${share(count)}**` : share(count);
  });
  console.log(`| ${data} | ${options.model} | ${cells.join(" | ")} | ${(sd(estimates) / mean(widths)).toFixed(2)} |`);
}

console.log(`\n## What pooling does to the estimate: mean AUROC on noise, less 0.5, of ${studies} studies (standard error)\n`);
console.log(
  "Logistic regression on 1 feature. A fold with more positives than its share leaves fewer to train on, so its scores are lower: across folds positives",
);
console.log("stand lower than negatives. Scores are comparable within a fold only.\n");
console.log("| folds | groups | pooled | within folds |\n|---|---|---|---|");
for (const dealing of ["grouped, not stratified", "grouped, stratified"] as Dealing[])
  for (const groups of [30, 60, 200]) {
    const run = range(studies).map((seed) => noiseStudy(seed, { groups, features: 1, folds: 5, model: "logistic", dealing }));
    const cell = (values: number[]) => `${signed(mean(values) - 0.5)} (${(sd(values) / Math.sqrt(values.length)).toFixed(3)})`;
    const within = run.map(({ labels, scores, folds }) => withinFoldAuroc(labels, scores, folds)(Int32Array.from(labels.keys())));
    const pooled = run.map(({ labels, scores }) => auroc(labels, scores));
    console.log(`| ${dealing} | ${groups} | ${cell(pooled)} | ${cell(within.filter((value) => !Number.isNaN(value)))} |`);
  }

console.log(`\n## A planted leak: the images of a group are near-duplicates, the labels mean nothing (${studies} studies)\n`);
console.log("120 groups of 1–3 images, 5 features, nearest neighbours; interval within folds, widened for folds.\n");
console.log("| folds | mean AUROC | intervals above 0.5 |\n|---|---|---|");
for (const dealing of ["random images", "grouped, stratified"] as Dealing[]) {
  const found = range(studies).map((seed) => {
    const study = noiseStudy(seed, { groups: 120, features: 5, folds: 5, model: "nearest neighbours", own: 0.05, dealing });
    return widenForFolds(withinFolds(study, seed), 5);
  });
  const above = found.filter(({ low }) => low > 0.5).length;
  if (dealing === "random images" ? above < 0.9 * studies : above > most)
    faults.push(`leak, ${dealing}: ${share(above)} of intervals above 0.5`);
  console.log(`| ${dealing} | ${mean(found.map(({ estimate }) => estimate)).toFixed(3)} | ${share(above)} |`);
}

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
