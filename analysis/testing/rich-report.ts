/** @file What the report of a rich study is written from, with made-up numbers: many arms, shares of labels, deals and seeds. For tests. */
import { armName, armsOf } from "../../src/config/arm.ts";
import { biomarkersSchema, zoneSchema, type Biomarkers, type Zone } from "../../src/config/biomarkers.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { Interval } from "../../src/config/interval.ts";
import { studySchema, type StudyInput } from "../../src/config/study.ts";
import { modelEvaluation } from "../../src/testing/model-evaluation.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { ReportFacts } from "../report/facts.ts";
import type { HeldOut } from "../report/held-out.ts";

const CLASSES = ["benign", "malignant"];
const IMAGES = 60;
const FOLDS = 3;

const about = (estimate: number, by = 0.05): Interval => ({ estimate, low: estimate - by, high: estimate + by });

const row = (zone: Zone, measure: "share" | "density", estimate: number, pHolm: number): Biomarkers["table"][number] => ({
  ...{ method: "grad-cam", zone, measure, shareNegative: 0.1, sharePositive: 0.2, areaNegative: 0.1, areaPositive: 0.1 },
  ...{ densityNegative: 1, densityPositive: 2, effect: about(estimate, 0.2), p: pHolm / 4, pHolm },
  verdict: pHolm <= 0.05 ? "supported" : "not supported",
});

export const madeUpBiomarkers: Biomarkers = biomarkersSchema.parse({
  ...{ classes: CLASSES, groupsNegative: 4, groupsPositive: 4, permutations: 99, alpha: 0.05, rule: "The rule of verdicts." },
  table: [row("lesion", "share", -0.25, 0.4), row("behind", "share", 0.5, 0.02)],
  spatial: [
    {
      ...{
        method: "grad-cam",
        rows: 8,
        columns: 8,
        images: 8,
        meanMoran: 0.2,
        shareAutocorrelated: 0.5,
        hotSpotsNegative: 1,
        hotSpotsPositive: 2,
      },
      hotSpotZones: Object.fromEntries(zoneSchema.options.map((zone) => [zone, zone === "lesion" ? 1 : 0])) as Record<Zone, number>,
    },
  ],
} satisfies Biomarkers);

/** Every section has something to show. @param change of the study */
export function richFacts(change: Partial<StudyInput> = {}): ReportFacts {
  const study = studySchema.parse({
    name: "rich",
    description: "A <b>bold</b> claim.",
    data: { source: "folder:/x", folds: FOLDS, repeats: 2, classes: CLASSES },
    finetune: {
      protocols: ["finetune", "linear", "knn"],
      initialisations: ["pretrained", "scratch", "scratch-long", "checkpoint"],
      labelShares: [1, 0.25],
      seeds: 2,
      checkpoint: "/weights/model",
    },
    ...change,
  });
  const arms = armsOf(study.finetune);
  const trainings = study.data.repeats * study.finetune.seeds;
  const models = arms.map((arm, i) =>
    modelEvaluation(arm, {
      trainings,
      auroc: about(0.9 - 0.011 * i),
      procedureAuroc: about(0.9 - 0.011 * i, 0.08),
      ...(trainings > 1 ? { delong: null, ensembleAuroc: about(0.91 - 0.011 * i) } : {}),
      roc: { ...modelEvaluation(arm).roc, points: range(21).map((k): [number, number] => [k / 20, (k / 20) ** (0.2 + 0.03 * i)]) },
      foldAuroc: [0.8 - 0.01 * i, 0.85, i === 1 ? null : 0.9],
    }),
  );
  const [first, ...others] = models;
  const evaluation: Evaluation = {
    ...{ classes: CLASSES, targets: CLASSES, images: IMAGES, groups: IMAGES, positives: IMAGES / 2, folds: study.data.folds },
    ...{ repeats: study.data.repeats, seeds: study.finetune.seeds, transductive: study.transductive, models },
    comparisons: others.map((other, i) => ({
      ...{
        a: first.name,
        b: other.name,
        delta: about(first.auroc.estimate - other.auroc.estimate),
        p: 0.01 * (i + 1),
        pHolm: 0.02 * (i + 1),
      },
      ...{ pDelong: null, foldT: { mean: 0.031, low: -0.01, high: 0.07, p: 0.123 }, sentence: `Sentence of ${other.name}.` },
    })),
    shortcuts: {
      ...{ classes: CLASSES, images: IMAGES, groups: IMAGES, folds: FOLDS, permutations: 199, alpha: 0.05 },
      features: [{ name: "width", auroc: 0.701, low: 0.6, high: 0.8, p: 0.005 }],
      joint: { auroc: 0.712, low: 0.61, high: 0.81, p: 0.005 },
      warning: "Metadata alone tell the classes apart.",
    },
    baselines: [
      {
        ...{
          name: "coarse-shape",
          title: "coarse lesion shape",
          note: "The fitted ellipse of the mask.",
          images: 58,
          groups: 58,
          positives: 29,
          missing: 2,
        },
        features: [{ name: "tilt", unit: "degrees", auroc: about(0.61) }],
        performance: { auroc: about(0.777), procedureAuroc: about(0.775, 0.08), brier: about(0.21) },
        against: {
          ...{ arm: first.name, auroc: about(0.9), delta: about(0.123), p: 0.002, pHolm: 0.004 },
          sentence: "Sentence of coarse shape.",
        },
      },
      {
        ...{ name: "full-shape", title: "full lesion shape", note: "The outline.", images: 1, groups: 1, positives: 1, missing: 59 },
        ...{ features: [], performance: null, against: null },
      },
    ],
  };
  return {
    ...{ study, evaluation, biomarkers: madeUpBiomarkers },
    predictions: arms.flatMap((arm) =>
      range(study.data.repeats).flatMap((repeat) => range(study.finetune.seeds).flatMap((seed) => predicted(armName(arm), repeat, seed))),
    ),
    source: { reader: "folder", licence: "CC BY 4.0", citation: "Somebody 2020" },
    software: { sonomark: "0.1.0", commit: "c0ffee".repeat(6), code: "c0de".repeat(16), engine: "tfjs 4.22.0", data: "da7a".repeat(16) },
  };
}

/** Two images a group; the first image of all is wrong beyond all others and has a name that means harm. */
function predicted(model: string, repeat: number, seed: number): HeldOut[] {
  const rng = rngOf(1, model, repeat, seed);
  return range(IMAGES).map((i) => {
    const positive = (i >> 1) % 2 === 1 ? 1 : 0;
    const score = i === 0 ? 9 : (positive ? 1 : -1) + 1.5 * rng.normal();
    return {
      ...{ model, repeat, seed, image: i === 0 ? "<script>alert(1)</script>" : `image-${i}`, group: `secret-group-${i >> 1}` },
      ...{ label: CLASSES[positive], positive, fold: i % FOLDS, score, probability: 1 / (1 + Math.exp(-score)) },
    };
  });
}
