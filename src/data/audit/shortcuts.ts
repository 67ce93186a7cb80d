/**
 * @file The shortcut audit: how well a logistic model on metadata alone tells the classes apart, out of fold, per feature and jointly.
 *
 * Scores of different folds come from different models, and pooled they rank worse than chance where there is nothing to learn: a fold
 * that holds more positives leaves fewer to train on, so its model expects fewer. Here only pairs within a held-out fold are compared.
 * Its images had no part in its model, so the expectation under the null is 0.5 (shortcuts.test.ts shows both).
 * An interval is no test here: models learn the sign of each weight, so chance in either direction can pass, many lines are looked at,
 * and small cohorts make percentile intervals too short (docs/results/type-one.md). So p is by permutation: classes are dealt anew to
 * groups, and everything after that is done again, the folds included. The best line of each deal is what every line has to beat, which
 * keeps the family-wise error whatever the dependence. Lines are compared by their distance from 0.5 in standard errors over groups: a
 * rare flag spreads less than a size does, and patients of one class may be pictured more often, which dealing does not preserve.
 * Reference: Parker, Günter & Bedo 2007, "Stratification bias in low signal microarray studies", doi:10.1186/1471-2105-8-326; Forman &
 * Scholz 2010, "Apples-to-apples in cross-validation studies", doi:10.1145/1882471.1882479 (AUROC within folds); Westfall & Young 1993,
 * Resampling-Based Multiple Testing, ch. 2 (single-step maximum);
 * Chung & Romano 2013, doi:10.1214/13-AOS1090 (why to studentise).
 */
import type { Audit } from "../../config/audit.ts";
import { groupBootstrap } from "../../metrics/group-bootstrap.ts";
import { rowsByGroup } from "../../metrics/groups.ts";
import { permutationTails } from "../../metrics/p-values.ts";
import { range, rngOf, shuffle, type Rng } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";
import { foldsOf } from "../folds/folds.ts";
import { columnsOf } from "./columns.ts";
import { outOfFold } from "./out-of-fold.ts";
import type { AuditRow } from "./row.ts";
import { warningOf } from "./warning.ts";
import { withinFoldAuroc, withinFoldScore } from "../../metrics/within-fold.ts";

export interface AuditOptions {
  /** the last is told from all others; rows of further classes are left out */
  classes: readonly string[];
  /** fewer where a side has not two groups a fold */
  folds: number;
  seed: number;
  /** behind every interval */
  bootstraps?: number;
  /** behind every p */
  permutations?: number;
}

/** How often a warning may be wrong where metadata tell nothing. */
const alpha = 0.05;

/** @throws UserError where a side has fewer than four groups */
export function auditShortcuts(
  allRows: readonly AuditRow[],
  { classes, folds: wanted, seed, bootstraps = 1000, permutations = 199 }: AuditOptions,
): Audit {
  const rows = allRows.filter((row) => classes.includes(row.label));
  const groups = rows.map((row) => row.group);
  const binary = (labels: readonly string[]) => Uint8Array.from(labels, (label) => (label === classes.at(-1) ? 1 : 0));
  const observed = rows.map((row) => row.label);
  const folds = foldsThatHold(groups, binary(observed), classes, wanted);

  const features = [...new Set(rows.flatMap((row) => Object.keys(row.features)))]
    .map((name) => ({
      name,
      columns: columnsOf(
        rows.map((row) => row.features[name]),
        groups,
      ),
    }))
    .filter(({ columns }) => columns.length > 0);
  const lines = [...features.map(({ columns }) => columns), features.flatMap(({ columns }) => columns)];

  /** The whole procedure for these classes of the images: folds, models, scores; a line each, all features together last. */
  const run = (names: readonly string[]) => {
    const labels = binary(names);
    const dealt = foldsOf(
      groups.map((group, i) => ({ group, label: names[i] })),
      folds,
      seed,
    );
    return lines.map((columns) => {
      const scores = outOfFold(columns, labels, dealt);
      return { distance: withinFoldScore(labels, scores, dealt, groups), area: withinFoldAuroc(labels, scores, dealt) };
    });
  };
  const chance = rngOf(seed, "audit", "permutations");
  const best = range(permutations).map(() => Math.max(...run(dealtAnew(groups, observed, chance)).map(({ distance }) => distance)));
  const scores = run(observed).map(({ distance, area: statistic }) => {
    const rng = rngOf(seed, "audit", "bootstraps");
    const { estimate, low, high } = groupBootstrap({ groups, labels: binary(observed), statistic, bootstraps, rng });
    return { auroc: estimate, low, high, p: permutationTails(distance, best).greater };
  });
  const audit = {
    classes: [...classes],
    images: rows.length,
    groups: new Set(groups).size,
    folds,
    permutations,
    alpha,
    features: features.map(({ name }, i) => ({ name, ...scores[i] })),
    joint: scores.at(-1)!,
  };
  return { ...audit, warning: warningOf(audit) };
}

/** As many folds as asked for, but two groups of each side in each. */
function foldsThatHold(groups: readonly string[], labels: Uint8Array, classes: readonly string[], wanted: number): number {
  const [negative, positive] = [0, 1].map((side) => new Set(groups.filter((_, i) => labels[i] === side)).size);
  const most = Math.floor(Math.min(negative, positive) / 2);
  if (most < 2)
    throw new UserError(
      `an audit of metadata needs 4 groups of each class, but "${classes.at(-1)}" has ${positive} and ${classes.slice(0, -1).join(", ")} ${negative}; name other classes, or add patients`,
      { status: 422 },
    );
  return Math.min(wanted, most);
}

/** The classes of the images after those of whole groups changed places; groups of several classes keep theirs. */
function dealtAnew(groups: readonly string[], labels: readonly string[], rng: Rng): string[] {
  const dealt = [...labels];
  const pure = rowsByGroup(groups).filter((rows) => rows.every((row) => labels[row] === labels[rows[0]]));
  const names = shuffle(
    pure.map((rows) => labels[rows[0]]),
    rng,
  );
  pure.forEach((rows, g) => rows.forEach((row) => (dealt[row] = names[g])));
  return dealt;
}
