/** @file Tests of results as plain text. */
import * as assert from "uvu/assert";
import { biomarkersSchema, zoneSchema } from "../config/biomarkers.ts";
import { evaluationSchema } from "../config/evaluation.ts";
import { describe } from "../testing/describe.ts";
import { modelEvaluation } from "../testing/model-evaluation.ts";
import { formatBiomarkers, formatEvaluation } from "./format-results.ts";

const half = { estimate: 0.5, low: 0.4, high: 0.625 };
const evaluation = evaluationSchema.parse({
  classes: ["benign", "malignant"],
  targets: ["benign", "malignant"],
  images: 128,
  groups: 64,
  positives: 64,
  folds: 3,
  repeats: 1,
  seeds: 1,
  transductive: false,
  models: [modelEvaluation({ protocol: "finetune", initialisation: "pretrained", labels: 1 })],
  comparisons: [
    { a: "pretrained", b: "scratch", delta: half, p: 0.2, pHolm: 0.2, pDelong: 0.2, foldT: null, sentence: "No difference was found." },
  ],
  shortcuts: null,
  baselines: [],
});
const row = {
  method: "grad-cam",
  zone: "behind",
  shareNegative: 0.1,
  sharePositive: 0.25,
  areaNegative: 0.1,
  areaPositive: 0.1,
  densityNegative: 1,
  densityPositive: 2.5,
};
const biomarkers = biomarkersSchema.parse({
  classes: ["benign", "malignant"],
  groupsNegative: 30,
  groupsPositive: 32,
  permutations: 999,
  alpha: 0.05,
  rule: "The rule.",
  table: [
    { ...row, measure: "share", effect: { estimate: -0.25, low: -0.5, high: 0.125 }, p: 0.0004, pHolm: 0.0312, verdict: "supported" },
    { ...row, measure: "density", effect: half, p: 0.2, pHolm: 1, verdict: "not supported" },
  ],
  spatial: [
    {
      method: "grad-cam",
      rows: 8,
      columns: 8,
      images: 128,
      meanMoran: 0.512,
      shareAutocorrelated: 0.5,
      hotSpotsNegative: 1,
      hotSpotsPositive: 2,
      hotSpotZones: Object.fromEntries(zoneSchema.options.map((zone, z) => [zone, [0.5, 0.25, 0.25][z] ?? 0])),
    },
  ],
});

describe("formatEvaluation", (test) => {
  test("names the unit, the interval and what the comparison says", () => {
    const text = formatEvaluation(evaluation);
    assert.match(text, /128 images of 64 groups, 3 folds/);
    assert.match(text, /pretrained +0\.500 \[0\.400, 0\.625\]/);
    assert.match(text, /0\.51 – 0\.49/);
    assert.match(text, /No difference was found\.$/);
    assert.not.match(text, /Transductive/);
  });

  test("shows more than three comparisons as a table", () => {
    const comparisons = ["a", "b", "c", "d"].map((b) => ({ ...evaluation.comparisons[0], b }));
    const text = formatEvaluation({ ...evaluation, comparisons });
    assert.match(text, /AUROC of pretrained minus +difference/);
    assert.match(text, /^d +\S*0\.500 \[\S*0\.400, \S*0\.625\] +0\.200 +0\.200/m);
    assert.not.match(text, /No difference was found/);
  });

  test("says where pretraining saw the held-out images", () => {
    assert.match(formatEvaluation({ ...evaluation, transductive: true }), /Transductive: pretraining saw the held-out images/);
  });
});

describe("formatBiomarkers", (test) => {
  test("shows shares in per cent, densities as factors, signed effects and bounded p", () => {
    const text = formatBiomarkers(biomarkers);
    assert.match(text, /grad-cam +behind +share +10\.0 % +25\.0 % +−0\.25 \[−0\.50, \+0\.13\] +<0\.001 +0\.031 +supported/);
    assert.match(text, /density +1\.00× +2\.50× +\+0\.50 \[\+0\.40, \+0\.63\] +0\.200 +1\.000 +not supported/);
    assert.match(text, /The rule\./);
    assert.match(text, /8 × 8 +0\.51 +50\.0 %/);
  });
});
