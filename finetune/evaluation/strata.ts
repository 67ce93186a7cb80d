/** @file AUROC inside each part of the data: a model that ranks well overall may rank badly at one site, or on images without drawn marks. */
import type { Stratum } from "../../src/config/evaluation.ts";
import { aurocOf } from "../../src/metrics/auroc.ts";
import { tallied } from "../../src/metrics/tallies.ts";
import { range } from "../../src/util/rng.ts";
import { interval } from "./resample.ts";
import type { ArmPredictions, Cases, EvaluationTerms } from "./terms.ts";

/** Groups of each class without which an interval would say nothing. */
const LEAST_GROUPS = 5;

export function strata({ replicates }: ArmPredictions, cases: Cases, terms: EvaluationTerms): Stratum[] {
  return [...cases.attributes].flatMap(([by, values]) =>
    [...new Set(values)]
      .filter((value) => value !== "")
      .sort()
      .map((value) => {
        const rows = range(values.length).filter((i) => values[i] === value);
        const part = { labels: rows.map((i) => cases.labels[i]), groups: rows.map((i) => cases.groups[i]) };
        const ofClass = (label: number) => new Set(part.groups.filter((_, i) => part.labels[i] === label)).size;
        const statistics = replicates.map(({ predictions }) =>
          tallied(
            part.labels,
            rows.map((i) => predictions[i].score),
            aurocOf,
          ),
        );
        return {
          ...{ by, value, images: rows.length, groups: new Set(part.groups).size },
          positives: part.labels.filter((label) => label === 1).length,
          auroc: Math.min(ofClass(0), ofClass(1)) < LEAST_GROUPS ? null : interval("stratum", statistics, part, terms),
        };
      }),
  );
}
