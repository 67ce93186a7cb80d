/** @file Metadata of made-up cohorts for the shortcut audit: nothing to find, unless a shortcut is planted. */
import type { AuditRow } from "../data/audit/row.ts";
import { auditShortcuts } from "../data/audit/shortcuts.ts";
import type { NullStudy } from "./nulls.ts";
import { range, rngOf, type Rng } from "../util/rng.ts";

/** Classes of the cohorts here. */
export const cohortClasses = ["benign", "malignant"];

export interface PlantedCohort {
  groups: number;
  /** how many standard deviations wider the malignant images are; 0 plants nothing */
  wider?: number;
  /** true: 3–5 images of a malignant group, 1 or 2 of a benign one */
  uneven?: boolean;
}

/**
 * Groups of 1–3 images (unless uneven), a third of them malignant, with what metadata are made of: sizes that a group's images share, a skewed number, a
 * rare flag, four devices, a border that is mostly absent, and a number that is missing now and then.
 */
export function metadataCohort(rng: Rng, { groups, wider = 0, uneven = false }: PlantedCohort): AuditRow[] {
  return range(groups).flatMap((g) => {
    const malignant = g % 3 === 0;
    const width = rng.normal() + (malignant ? wider : 0);
    const [height, size] = [rng.normal(), Math.exp(2 * rng.normal())];
    const annotated = rng.next() < 0.2 ? "yes" : "no";
    const site = `device ${Math.floor(4 * rng.next() ** 2)}`;
    const images = !uneven ? 1 + rng.int(3) : malignant ? 3 + rng.int(3) : 1 + rng.int(2);
    return range(images).map(() => ({
      group: `case-${g}`,
      label: malignant ? "malignant" : "benign",
      features: {
        width: Math.round(600 + 80 * width + 20 * rng.normal()),
        height: Math.round(400 + 60 * height),
        "file size": Math.round(1e5 * size * (1 + rng.next())),
        annotated,
        site,
        "black border": rng.next() < 0.8 ? 0 : rng.next(),
        depth: rng.next() < 0.1 ? undefined : Math.round(3 + rng.normal()),
      },
    }));
  });
}

export interface AuditNull extends Pick<PlantedCohort, "groups" | "uneven"> {
  folds: number;
  /** features to look at; all unless given */
  names?: string[];
}

/** The smallest p of an audit in which there is nothing to find: at or below the level, it warns. */
export function auditNull(seed: number, { groups, uneven, folds, names }: AuditNull): number {
  const rows = metadataCohort(rngOf(seed, "null audit", groups), { groups, uneven }).map((row) => ({
    ...row,
    features: Object.fromEntries(Object.entries(row.features).filter(([name]) => names?.includes(name) ?? true)),
  }));
  // 19 permutations: p ≤ .05 means that no deal of the classes comes as far, so the level is exactly 1/20
  const { features, joint } = auditShortcuts(rows, { classes: cohortClasses, folds, seed, bootstraps: 1, permutations: 19 });
  return Math.min(joint.p, ...features.map(({ p }) => p));
}

/** The audit as bench/type-one.ts runs it. */
export const auditNulls: NullStudy[] = [
  {
    test: "auditShortcuts: any at .05",
    under: "7 features, 42 groups of 1–3 images",
    conservative: false,
    pOf: (seed) => auditNull(seed, { groups: 42, folds: 5 }),
  },
  {
    test: "auditShortcuts: any at .05",
    under: "the same, malignant groups of 3–5 images, benign of 1–2",
    conservative: true,
    pOf: (seed) => auditNull(seed, { groups: 42, folds: 5, uneven: true }),
  },
];
