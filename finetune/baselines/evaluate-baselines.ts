/** @file What baselines reach on a study's own folds, and how far its first arm is above each. */
import { armName } from "../../src/config/arm.ts";
import type { Baseline } from "../../src/config/baselines.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import { auditRow } from "../../src/data/audit/row.ts";
import { splitOf } from "../../src/data/folds/split.ts";
import { openStudyManifest, type StudyManifest } from "../../src/data/study-manifest.ts";
import { holm } from "../../src/metrics/holm.ts";
import { dealOf } from "../../src/run/plan.ts";
import { range } from "../../src/util/rng.ts";
import type { ArmPredictions } from "../evaluation/terms.ts";
import { judge, type Judged } from "./judge.ts";
import { measureImages, type MeasureOptions } from "./measures.ts";
import { baselinePredictions, type BaselinePredictions } from "./predictions.ts";

export interface BaselineOptions extends MeasureOptions {
  /** the study's own images and folds, where they are open already */
  opened?: StudyManifest;
}

/**
 * Every baseline on every deal of the study. With more than two classes it is about the last against all others.
 * @param first the study's first arm, its trainings by deal and then by seed
 * @throws UserError where the data cannot be opened, or changed
 */
export async function evaluateBaselines(
  study: StudyConfig,
  first?: ArmPredictions,
  { opened, ...options }: BaselineOptions = {},
): Promise<Baseline[]> {
  const { data, seed, finetune } = study;
  const { manifest, facts, split } = opened ?? (await openStudyManifest(data, seed));
  const { images } = manifest;
  const measures = await measureImages(manifest, options);
  const known = images.map((image, i) => ({ metadata: auditRow({ ...image, ...facts[i] }).features, measures: measures[i] }));
  const names = [...new Set(images.map(({ group }) => group))];
  const indices = new Map(names.map((name, i) => [name, i]));
  const cases = {
    labels: images.map(({ label }) => Number(label === data.classes.at(-1))),
    groups: images.map(({ group }) => indices.get(group)!),
  };
  const deals: BaselinePredictions[][] = [];
  for (const repeat of range(data.repeats)) {
    const { folds } = repeat === 0 ? split : await splitOf(images, dealOf(study, repeat).data.split, { folds: data.folds, seed });
    deals.push(baselinePredictions(known, { ...cases, folds }));
  }
  const arm = first && {
    name: armName(first.arm),
    trainings: first.replicates.map(({ predictions }, r) => {
      const scoreOf = new Map(predictions.map(({ image, score }) => [image, score]));
      return { deal: Math.floor(r / finetune.seeds), scores: images.map(({ id }) => scoreOf.get(id)!) };
    }),
  };
  return withHolm(
    deals[0].map((_, b) =>
      judge(
        deals.map((deal) => deal[b]),
        cases,
        { terms: study, arm },
      ),
    ),
  );
}

/** Adjusts p over all baselines, and ends their sentences. */
function withHolm(judged: readonly Judged[]): Baseline[] {
  const compared = judged.flatMap(({ against }) => against ?? []);
  const adjusted = holm(compared.map(({ p }) => p));
  return judged.map(({ against, ...one }) => {
    if (!against) return { ...one, against };
    const pHolm = adjusted[compared.indexOf(against)];
    const { arm, delta, p } = against;
    const found = pHolm > 0.05 ? "the data do not tell them apart" : `${delta.estimate > 0 ? arm : "the baseline"} ranks better`;
    const sentence = `AUROC of ${arm} minus ${one.title.toLowerCase()}: ${delta.estimate.toFixed(3)} (95 % interval ${delta.low.toFixed(3)} to ${delta.high.toFixed(3)}, p = ${p.toFixed(3)}, ${pHolm.toFixed(3)} after Holm, ${one.groups} groups): ${found}.`;
    return { ...one, against: { ...against, pHolm, sentence } };
  });
}
