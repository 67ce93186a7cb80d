/** @file Intervals of an evaluation: means over trainings, groups resampled in all of them together, for a group is one patient. */
import type { Interval } from "../../src/config/interval.ts";
import { groupBootstrap } from "../../src/metrics/group-bootstrap.ts";
import { mean } from "../../src/metrics/moments.ts";
import { tallied, type Tallies } from "../../src/metrics/tallies.ts";
import { rngOf } from "../../src/util/rng.ts";
import type { Cases, EvaluationTerms } from "./terms.ts";

type Statistic = (rows: Int32Array) => number;

/** The mean of one statistic a training, with its interval; null where it cannot be told. Equal names draw equal groups. */
export function interval(
  name: string,
  statistics: readonly Statistic[],
  { groups, labels }: Pick<Cases, "groups" | "labels">,
  { seed, analysis }: EvaluationTerms,
): Interval | null {
  const found = groupBootstrap({
    ...{ groups, labels, bootstraps: analysis.bootstraps },
    statistic: (rows) => mean(statistics.map((statistic) => statistic(rows))),
    rng: rngOf(seed, "evaluate", name),
  });
  return [found.estimate, found.low, found.high].every(Number.isFinite) ? found : null;
}

/** {@link interval} of a metric of counted cases, of which both classes make a number. @param values [trainings][images] */
export const intervalOf = (
  name: string,
  metric: (tallies: Tallies) => number,
  values: readonly ArrayLike<number>[],
  cases: Pick<Cases, "groups" | "labels">,
  terms: EvaluationTerms,
): Interval =>
  interval(
    name,
    values.map((one) => tallied(cases.labels, one, metric)),
    cases,
    terms,
  )!;
