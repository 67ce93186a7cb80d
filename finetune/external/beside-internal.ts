/** @file The external result beside the internal one: the same models on other patients, with the difference and what it means. */
import { armName } from "../../src/config/arm.ts";
import { thresholdRuleSchema } from "../../src/config/calibration.ts";
import type { Interval } from "../../src/config/interval.ts";
import type { ExternalMember, ExternalRow } from "../../src/config/external.ts";
import { aurocOf } from "../../src/metrics/auroc.ts";
import { brier } from "../../src/metrics/brier.ts";
import { logLoss } from "../../src/metrics/log-loss.ts";
import { mean } from "../../src/metrics/moments.ts";
import { foldStretch, unpairedDifference, type Sample } from "../../src/metrics/shift/unpaired-bootstrap.ts";
import { tallied } from "../../src/metrics/tallies.ts";
import { rngOf } from "../../src/util/rng.ts";
import { intervalOf } from "../evaluation/resample.ts";
import type { EvaluationTerms } from "../evaluation/terms.ts";
import type { Prediction } from "../predictions.ts";
import type { ArmMembers } from "./evaluate-external.ts";
import { ensemblePredictions, type Case, type Member } from "./members.ts";

/** Out-of-fold predictions of an arm inside the study, by training, and of how many folds. */
export interface Internal {
  replicates: Prediction[][];
  folds: number;
}

interface Sides {
  labels: number[];
  groups: string[];
}

export function besideInternal(
  { arm, members }: ArmMembers,
  cases: readonly Case[],
  internal: Internal | null,
  terms: EvaluationTerms,
): ExternalRow {
  const positive = terms.data.classes.at(-1)!;
  const sides: Sides = { labels: labelsOf(cases, positive), groups: cases.map(({ group }) => group) };
  const ensemble = ensemblePredictions(cases, members).map(({ score }) => score);
  const singles = members.map(({ scores }) => scores);
  const own = internal && internalSample(internal, positive);
  const delta = (scores: readonly number[][]) => own && unpairedDifference({ a: own.sample, b: sample(scores, sides), ...drawing(terms) });
  const deltaSingle = delta(singles);
  const row = {
    ...{ name: armName(arm), arm },
    members: members.map((member) => alone(member, sides, terms)),
    single: intervalOf("auroc", aurocOf, singles, sides, terms),
    ensemble: intervalOf("auroc", aurocOf, [ensemble], sides, terms),
    internal: own && intervalOf("auroc", aurocOf, own.scores, own.sides, terms), // to the last digit what the study's own evaluation says
    deltaSingle,
    deltaEnsemble: delta([ensemble]),
  };
  return { ...row, sentence: sentenceOf(row, new Set(sides.groups).size) };
}

const drawing = ({ seed, analysis }: EvaluationTerms) => ({ bootstraps: analysis.bootstraps, rng: rngOf(seed, "external", "difference") });

const labelsOf = (cases: readonly Pick<Case, "label">[], positive: string): number[] =>
  cases.map(({ label }) => Number(label === positive));

/** Mean AUROC of several scores of the same images, groups drawn in all of them together. */
function sample(scores: readonly number[][], { labels, groups }: Sides): Sample {
  const areas = scores.map((one) => tallied(labels, one, aurocOf));
  return { groups, labels, statistic: (rows) => mean(areas.map((area) => area(rows))) };
}

/** Folds train on each other's images, so the out-of-fold estimate varies more than its resamples. */
function internalSample({ replicates, folds }: Internal, positive: string): { scores: number[][]; sides: Sides; sample: Sample } {
  const [rows] = replicates;
  const sides = { labels: labelsOf(rows, positive), groups: rows.map(({ group }) => group) };
  const scores = replicates.map((predictions) => predictions.map(({ score }) => score));
  return { scores, sides, sample: { ...sample(scores, sides), stretch: foldStretch(folds) } };
}

function alone(member: Member, { labels, groups }: Sides, terms: EvaluationTerms): ExternalMember {
  const { name: task, runId, fold, repeat, seed, scores, shares, calibration } = member;
  const probabilities = shares.map((row) => row.at(-1)!);
  const rate = (threshold: number, label: number) =>
    mean(probabilities.filter((_, i) => labels[i] === label).map((p) => Number(p >= threshold === (label === 1))));
  return {
    ...{ task, runId, fold, repeat, seed },
    auroc: intervalOf("auroc", aurocOf, [scores], { labels, groups }, terms),
    brier: brier(labels, probabilities),
    logLoss: logLoss(labels, probabilities),
    temperature: calibration?.temperature ?? null,
    operating: calibration
      ? thresholdRuleSchema.options.map((rule) => {
          const threshold = calibration.thresholds[rule];
          return { rule, threshold, sensitivity: rate(threshold, 1), specificity: rate(threshold, 0) };
        })
      : [],
  };
}

const told = ({ estimate, low, high }: Interval): string =>
  `${estimate.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`;

function sentenceOf({ name, members, single, internal, deltaSingle }: Omit<ExternalRow, "sentence">, groups: number): string {
  const who = members.length === 1 ? name : `single models of ${name}`;
  if (!internal || !deltaSingle)
    return `External AUROC of ${who}: ${told(single)}, ${groups} groups; the study has no internal result to compare with.`;
  const found =
    deltaSingle.high < 0
      ? "they rank worse on the other data set than inside the study"
      : deltaSingle.low > 0
        ? "they rank better on the other data set than inside the study"
        : "the data do not tell the two apart, which does not show that they are equal";
  return `External minus internal AUROC of ${who}: ${told(deltaSingle)}, ${groups} external groups: ${found}.`;
}
