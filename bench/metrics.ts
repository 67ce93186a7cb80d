/**
 * @file Time of every metric on 1,000,000 predictions, and of 2,000 group bootstraps of 10,000 cases: one core, all scores different. Markdown.
 * `npm run bench -- metrics`. Per line: one call to warm up, then 5; median and range of the processor time. A median over its limit ends with exit code 1.
 */
import { atThreshold } from "../src/metrics/at-threshold.ts";
import { auroc, aurocOf } from "../src/metrics/auroc.ts";
import { averagePrecision, averagePrecisionOf } from "../src/metrics/average-precision.ts";
import { brier } from "../src/metrics/brier.ts";
import { calibrationLine } from "../src/metrics/calibration-line.ts";
import { cohenKappa } from "../src/metrics/cohen-kappa.ts";
import { confusionMatrix } from "../src/metrics/confusion-matrix.ts";
import { precisionRecallBand, reliabilityBand, rocBand } from "../src/metrics/curve-band.ts";
import { decisionCurve } from "../src/metrics/decision-curve.ts";
import { delong, delongTest } from "../src/metrics/delong.ts";
import { expectedCalibrationError, expectedCalibrationErrorOf } from "../src/metrics/expected-calibration-error.ts";
import { groupBootstrap, pick } from "../src/metrics/group-bootstrap.ts";
import { logLoss, multiclassLogLoss } from "../src/metrics/log-loss.ts";
import { logistic, logOdds } from "../src/metrics/log-odds.ts";
import { handTill, oneVsRestAuroc } from "../src/metrics/multiclass-auroc.ts";
import { precisionRecallCurve, thinPrecisionRecall } from "../src/metrics/precision-recall-curve.ts";
import { reliabilityCurve } from "../src/metrics/reliability-curve.ts";
import { rocCurve, thinRoc } from "../src/metrics/roc-curve.ts";
import {
  sensitivityAtSpecificity,
  sensitivityAtSpecificityOf,
  specificityAtSensitivity,
} from "../src/metrics/sensitivity-at-specificity.ts";
import { tallied, type Tallies } from "../src/metrics/tallies.ts";
import { fitTemperature, fitTemperatureMulticlass } from "../src/metrics/temperature.ts";
import { costThreshold, youdenThreshold } from "../src/metrics/thresholds.ts";
import { range, rngOf } from "../src/util/rng.ts";

const cases = 1_000_000;
const rng = rngOf(1, "bench metrics");
const labels = Uint8Array.from({ length: cases }, () => (rng.int(3) === 0 ? 1 : 0));
const drawn = () => Float64Array.from(labels, (label) => label + rng.normal());
const [logits, p, other] = ((z: Float64Array) => [z, z.map(logistic), drawn()] as const)(drawn());
const pt = range(99).map((i) => (i + 1) / 100);

const once: Record<string, () => unknown> = {
  auroc: () => auroc(labels, p),
  delong: () => delong(labels, p),
  delongTest: () => delongTest(labels, p, other),
  averagePrecision: () => averagePrecision(labels, p),
  "rocCurve, thinRoc": () => thinRoc(rocCurve(labels, p)),
  "precisionRecallCurve, thinPrecisionRecall": () => thinPrecisionRecall(precisionRecallCurve(labels, p)),
  sensitivityAtSpecificity: () => sensitivityAtSpecificity(labels, p, 0.9),
  specificityAtSensitivity: () => specificityAtSensitivity(labels, p, 0.9),
  youdenThreshold: () => youdenThreshold(labels, p),
  costThreshold: () => costThreshold(labels, p, { falseNegative: 10, falsePositive: 1 }),
  atThreshold: () => atThreshold(labels, p, 0.5),
  brier: () => brier(labels, p),
  logLoss: () => logLoss(labels, p),
  logOdds: () => logOdds(p),
  expectedCalibrationError: () => expectedCalibrationError(labels, p),
  reliabilityCurve: () => reliabilityCurve(labels, p),
  calibrationLine: () => calibrationLine(labels, logits),
  fitTemperature: () => fitTemperature(labels, logits),
  "decisionCurve, 99 thresholds": () => decisionCurve(labels, p, pt),
};

/** Made late: a million rows are much for the garbage collector to look at while the others are timed. */
function ofClasses(): Record<string, () => unknown> {
  const kinds = Uint8Array.from({ length: cases }, () => rng.int(3));
  const said = Uint8Array.from(kinds, (kind) => (rng.next() < 0.5 ? kind : rng.int(3)));
  const rows = Array.from(kinds, (kind) => range(3).map((k) => (k === kind ? 1 : 0) + rng.normal()));
  const shares = rows.map((row) => {
    const weights = row.map(Math.exp);
    const sum = weights[0] + weights[1] + weights[2];
    return weights.map((weight) => weight / sum);
  });
  return {
    multiclassLogLoss: () => multiclassLogLoss(kinds, shares),
    fitTemperatureMulticlass: () => fitTemperatureMulticlass(kinds, rows),
    oneVsRestAuroc: () => oneVsRestAuroc(kinds, rows),
    handTill: () => handTill(kinds, rows),
    "confusionMatrix and cohenKappa": () => cohenKappa(confusionMatrix(kinds, said, 3).counts, "quadratic"),
  };
}

const [y, s, z] = [labels.slice(0, 10_000), p.slice(0, 10_000), logits.slice(0, 10_000)];
const groups = range(10_000).map((i) => `patient ${i >> 1}`);
const bootstrap = (statistic: (rows: Int32Array) => number) =>
  groupBootstrap({ groups, labels: y, statistic, bootstraps: 2000, rng: rngOf(2, "bench bootstraps") });
const ranked = (metric: (tallies: Tallies) => number) => bootstrap(tallied(y, s, metric));
const band = { labels: y, scores: s, groups, bootstraps: 2000, rng: rngOf(3, "bench bands") };
const repeated: Record<string, () => unknown> = {
  "auroc, tallied": () => ranked(aurocOf),
  "auroc of picked rows": () => bootstrap((chosen) => auroc(pick(y, chosen), pick(s, chosen))),
  "averagePrecision, tallied": () => ranked(averagePrecisionOf),
  "sensitivityAtSpecificity, tallied": () => ranked((tallies) => sensitivityAtSpecificityOf(tallies, 0.9).sensitivity),
  "expectedCalibrationError, tallied": () => ranked((tallies) => expectedCalibrationErrorOf(tallies)),
  "brier of picked rows": () => bootstrap((chosen) => brier(pick(y, chosen), pick(s, chosen))),
  "logLoss of picked rows": () => bootstrap((chosen) => logLoss(pick(y, chosen), pick(s, chosen))),
  "calibrationLine of picked rows": () => bootstrap((chosen) => calibrationLine(pick(y, chosen), pick(z, chosen)).slope?.estimate ?? NaN),
  "rocBand, 101 places": () => rocBand(band),
  "precisionRecallBand, 101 places": () => precisionRecallBand(band),
  "reliabilityBand, 15 bins": () => reliabilityBand(band),
};

const milliseconds = () => process.cpuUsage().user / 1000;

function table(title: string, metrics: Record<string, () => unknown>, limit: number): void {
  console.log(`\n## ${title}: limit ${limit} ms\n\n| metric | ms | range |\n|---|---|---|`);
  for (const [name, call] of Object.entries(metrics)) {
    call();
    const times = range(5)
      .map(() => {
        const start = milliseconds();
        call();
        return milliseconds() - start;
      })
      .sort((a, b) => a - b);
    if (times[2] > limit) process.exitCode = 1;
    console.log(`| ${name} | ${times[2].toFixed(0)}${times[2] > limit ? " OVER" : ""} | ${times[0].toFixed(0)}–${times[4].toFixed(0)} |`);
  }
}

table("1,000,000 predictions", once, 1000);
table("1,000,000 predictions of 3 classes", ofClasses(), 1000);
table("2,000 bootstraps of 10,000 cases in 5,000 groups", repeated, 5000);
