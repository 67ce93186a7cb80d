/**
 * @file Can frozen features tell the two data sets apart? A classifier two-sample test: Lopez-Paz & Oquab 2017, arXiv 1610.06545; as a measure of the distance
 * of domains: Ben-David et al. 2010, doi:10.1007/s10994-009-5152-4. Folds hold out whole groups, and p deals whole groups anew to the data sets.
 */
import type { DomainShift } from "../../../src/config/shift.ts";
import { outOfFold } from "../../../src/data/audit/out-of-fold.ts";
import { withinFoldAuroc, withinFoldScore } from "../../../src/metrics/within-fold.ts";
import { foldsOf } from "../../../src/data/folds/folds.ts";
import type { Rows } from "../../../src/metrics/embedding/unit-rows.ts";
import { groupBootstrap } from "../../../src/metrics/group-bootstrap.ts";
import { rowsByGroup } from "../../../src/metrics/groups.ts";
import { permutationTails } from "../../../src/metrics/p-values.ts";
import { principalComponents } from "../../../src/metrics/shift/principal-components.ts";
import { range, rngOf, shuffle } from "../../../src/util/rng.ts";

/** More columns than that are noise to a logistic model of some hundred images, and cost time in every permutation. */
const COMPONENTS = 16;
const MOST_FOLDS = 5;
/** The classifier is trained anew in each. */
const PERMUTATIONS = 199;

/** Features and groups of one data set. */
export interface Featured {
  /** [images][d] */
  features: Rows;
  groups: readonly string[];
}

/** @returns null where a data set has fewer than four groups */
export function domainShift(
  study: Featured,
  external: Featured,
  { model, seed, bootstraps, permutations = PERMUTATIONS }: { model: string; seed: number; bootstraps: number; permutations?: number },
): DomainShift | null {
  const sides = [study, external];
  const folds = Math.min(MOST_FOLDS, ...sides.map(({ groups }) => Math.floor(new Set(groups).size / 2)));
  if (folds < 2) return null;
  const groups = sides.flatMap((side, s) => side.groups.map((group) => `${s}:${group}`));
  const observed = Uint8Array.from(sides.flatMap((side, s) => side.groups.map(() => s)));
  const columns = principalComponents(
    sides.flatMap(({ features }) => [...features]),
    COMPONENTS,
  );
  /** Everything that sees which data set an image is of: folds, models, scores. */
  const run = (labels: Uint8Array) => {
    const dealt = foldsOf(
      groups.map((group, i) => ({ group, label: String(labels[i]) })),
      folds,
      seed,
    );
    return { dealt, scores: outOfFold(columns, labels, dealt) };
  };
  const { dealt, scores } = run(observed);
  const units = rowsByGroup(groups);
  const chance = rngOf(seed, "external", "domain", "permutations");
  const simulated = range(permutations).map(() => {
    const sidesOfUnits = shuffle(
      units.map(([first]) => observed[first]),
      chance,
    );
    const labels = new Uint8Array(observed.length);
    units.forEach((rows, unit) => rows.forEach((row) => (labels[row] = sidesOfUnits[unit])));
    const again = run(labels);
    return withinFoldScore(labels, again.scores, again.dealt, groups);
  });
  return {
    ...{ model, imagesStudy: study.groups.length, imagesExternal: external.groups.length },
    ...{ components: columns.length, folds, permutations },
    auroc: groupBootstrap({
      ...{ groups, labels: observed, bootstraps, rng: rngOf(seed, "external", "domain", "bootstraps") },
      statistic: withinFoldAuroc(observed, scores, dealt),
    }),
    p: permutationTails(withinFoldScore(observed, scores, dealt, groups), simulated).greater,
  };
}
