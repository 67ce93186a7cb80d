/** @file Gathers the held-out predictions of all folds and says how well each initialisation ranks them, and how sure that is. */
import type { Audit } from "../src/config/audit.ts";
import type { Evaluation, Interval } from "../src/config/results.ts";
import type { Initialisation } from "../src/config/finetune.ts";
import type { StudyConfig } from "../src/config/study.ts";
import { auditImages } from "../src/data/audit/audit-images.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { averagePrecision } from "../src/metrics/average-precision.ts";
import { brier } from "../src/metrics/brier.ts";
import { compareAurocs } from "../src/metrics/compare-aurocs.ts";
import { groupBootstrap, pick } from "../src/metrics/group-bootstrap.ts";
import { rocCurve, thinRoc } from "../src/metrics/roc-curve.ts";
import type { StageContext } from "../src/run/stage.ts";
import { parseCsv, toCsv } from "../src/util/csv.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";

/** A held-out prediction. */
export interface Prediction {
  image: string;
  group: string;
  label: string;
  fold: number;
  /** of the positive class */
  probability: number;
  /** log-odds */
  score: number;
}

/** Runs the task: `oof-predictions.csv` and `evaluation.json`. */
export async function evaluate(context: StageContext): Promise<void> {
  const { study } = context.task;
  const predictions = new Map<Initialisation, Prediction[]>();
  for (const initialisation of study.finetune.initialisations) predictions.set(initialisation, await outOfFold(context, initialisation));
  const evaluation = { ...evaluatePredictions(predictions, study), shortcuts: await auditStudy(study) };
  const rows = [...predictions].flatMap(([initialisation, list]) => list.map((prediction) => ({ initialisation, ...prediction })));
  await context.artifact("oof-predictions.csv", toCsv(rows));
  await context.artifact("evaluation.json", JSON.stringify(evaluation, null, 2));
  for (const model of evaluation.models) {
    context.metric(`oof/${model.initialisation}/auroc`, model.auroc.estimate, 0);
    model.foldAuroc.forEach((value, fold) => value !== null && context.metric(`fold/${model.initialisation}/auroc`, value, fold));
  }
}

async function outOfFold({ needed, store, task }: StageContext, initialisation: Initialisation): Promise<Prediction[]> {
  const folds = range(task.study.data.folds).map(async (fold) => {
    const run = await needed(`finetune/${initialisation}/fold-${fold}`);
    const text = (await store.readArtifact(run.info.runId, "predictions.csv")).toString("utf8");
    return parseCsv(text, `predictions.csv of run ${run.info.runId}`, ["image", "group", "label", "fold", "probability", "score"]);
  });
  const rows = (await Promise.all(folds)).flat();
  return rows
    .map((row) => ({
      image: row.image,
      group: row.group,
      label: row.label,
      fold: Number(row.fold),
      probability: Number(row.probability),
      score: Number(row.score),
    }))
    .sort((a, b) => (a.image < b.image ? -1 : 1));
}

/** What metadata alone say of the study's classes; null where there are too few groups to tell. */
async function auditStudy({ data, seed }: StudyConfig): Promise<Audit | null> {
  const { manifest, facts } = await openStudyManifest(data, seed);
  try {
    return auditImages(manifest.images, facts, { classes: data.classes, seed });
  } catch (error) {
    if (error instanceof UserError) return null; // too few groups
    throw error;
  }
}

/**
 * AUROC, average precision and Brier score over pooled out-of-fold predictions with group-bootstrap intervals, per-fold AUROCs,
 * and the paired comparison of the first two initialisations. Pooling treats the fold models as one model, so read it with the folds.
 */
export function evaluatePredictions(
  predictions: ReadonlyMap<Initialisation, readonly Prediction[]>,
  {
    data,
    seed,
    transductive,
    analysis,
  }: {
    data: { classes: string[]; folds: number };
    seed: number;
    transductive: boolean;
    analysis: { bootstraps: number; permutations: number };
  },
): Omit<Evaluation, "shortcuts"> {
  const [first] = predictions.values();
  const labels = first.map((row) => data.classes.indexOf(row.label));
  const groups = first.map((row) => row.group);
  const models = [...predictions].map(([initialisation, rows]) => {
    const probabilities = rows.map((row) => row.probability);
    const interval = (name: string, metric: (labels: ArrayLike<number>, values: ArrayLike<number>) => number): Interval =>
      groupBootstrap({
        groups,
        labels,
        statistic: (chosen) => metric(pick(labels, chosen), pick(probabilities, chosen)),
        bootstraps: analysis.bootstraps,
        rng: rngOf(seed, "evaluate", name),
      });
    const foldAuroc = range(data.folds).map((fold) => {
      const held = range(rows.length).filter((i) => rows[i].fold === fold);
      const value = auroc(
        held.map((i) => labels[i]),
        held.map((i) => probabilities[i]),
      );
      return Number.isNaN(value) ? null : value;
    });
    return {
      initialisation,
      auroc: interval("auroc", auroc),
      averagePrecision: interval("average-precision", averagePrecision),
      brier: interval("brier", brier),
      foldAuroc,
      roc: thinRoc(rocCurve(labels, probabilities)),
    };
  });
  return {
    classes: data.classes,
    images: labels.length,
    groups: new Set(groups).size,
    folds: data.folds,
    transductive,
    models,
    comparison: comparison(),
  };

  function comparison(): Evaluation["comparison"] {
    if (predictions.size < 2) return null;
    const [[nameA, a], [nameB, b]] = [...predictions] as [[Initialisation, readonly Prediction[]], [Initialisation, readonly Prediction[]]];
    const { delta, p } = compareAurocs({
      labels,
      groups,
      a: a.map((row) => row.probability),
      b: b.map((row) => row.probability),
      bootstraps: analysis.bootstraps,
      permutations: analysis.permutations,
      rng: rngOf(seed, "evaluate", "comparison"),
    });
    const found = p > 0.05 ? "the data do not tell them apart" : `${delta.estimate > 0 ? nameA : nameB} ranks better`;
    const sentence = `AUROC of ${nameA} minus ${nameB}: ${delta.estimate.toFixed(3)} (95 % interval ${delta.low.toFixed(3)} to ${delta.high.toFixed(3)}, p = ${p.toFixed(3)}, ${new Set(groups).size} groups): ${found}.`;
    return { delta, p, sentence };
  }
}
