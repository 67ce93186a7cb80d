/** @file How probabilities differ between the study's images, out of fold, and the other data set: overall and within each class. */
import type { ScoreShift } from "../../../src/config/shift.ts";
import { mean } from "../../../src/metrics/moments.ts";
import { distanceTest } from "../../../src/metrics/shift/distribution-distance.ts";
import { range, rngOf, shuffle } from "../../../src/util/rng.ts";
import type { Prediction } from "../../predictions.ts";
import { memberPredictions, type Case, type Member } from "../members.ts";

/** Groups of each side without which a distribution means little. */
const LEAST_GROUPS = 5;

/**
 * Each group of the other data set is shown to one model alone, dealt by chance, as each group of the study was: a mean of several models would spread less
 * than single ones whatever the images are.
 * @returns [images]
 */
export function dealtPredictions(cases: readonly Case[], members: readonly Member[], seed: number): Prediction[] {
  const groups = shuffle([...new Set(cases.map(({ group }) => group))].sort(), rngOf(seed, "external", "deal"));
  const modelOf = new Map(groups.map((group, i) => [group, i % members.length]));
  const said = members.map((member) => memberPredictions(cases, member));
  return cases.map(({ group }, i) => said[modelOf.get(group)!][i]);
}

export function scoreShift(
  model: string,
  study: readonly Prediction[],
  external: readonly Prediction[],
  { classes, seed, permutations }: { classes: [negative: string, positive: string]; seed: number; permutations: number },
): ScoreShift[] {
  const [negative, positive] = classes;
  const parts: [of: string, holds: (row: Prediction) => boolean][] = [
    ["all images", () => true],
    [negative, ({ label }) => label !== positive],
    [positive, ({ label }) => label === positive],
  ];
  return parts.flatMap(([of, holds]) => {
    const [a, b] = [study, external].map((rows) => rows.filter(holds));
    if ([a, b].some((rows) => new Set(rows.map(({ group }) => group)).size < LEAST_GROUPS)) return [];
    const rows = [...a, ...b];
    const samples = range(rows.length).map((i) => Number(i >= a.length));
    const { ks, wasserstein, p } = distanceTest({
      values: rows.map(({ probability }) => probability),
      ...{ samples, permutations, rng: rngOf(seed, "external", "scores", of) },
      groups: rows.map(({ group }, i) => `${samples[i]}:${group}`),
    });
    const middle = (side: readonly Prediction[]) => mean(side.map(({ probability }) => probability));
    return [{ model, of, meanStudy: middle(a), meanExternal: middle(b), ks, wasserstein, p }];
  });
}
