/** @file What the numbers of a biomarker row allow to say, in words, by a rule that is written down with the table. */
import type { BiomarkerRow } from "../src/config/biomarkers.ts";

export type Verdict = "supported" | "suggestive" | "not supported";

type Evidence = Pick<BiomarkerRow, "p" | "pHolm" | "effect">;

/**
 * @param row the row judged
 * @param partner the same method and zone by the other measure (share or density); undefined where it could not be tested
 */
export function verdictOf(row: Evidence, partner: Evidence | undefined, alpha: number): Verdict {
  if (row.p > alpha) return "not supported";
  const agrees = partner !== undefined && partner.p <= alpha && Math.sign(partner.effect.estimate) === Math.sign(row.effect.estimate);
  return row.pHolm <= alpha && agrees ? "supported" : "suggestive";
}

/** The rule of {@link verdictOf} for readers of the table; it says so where so few permutations cannot support any of `rows` rows. */
export function verdictRule(alpha: number, permutations: number, rows: number): string {
  const rule =
    `Verdicts: supported = p ≤ ${alpha} after Holm's correction over the whole table, and the other measure of the same zone (share or density) ` +
    `points the same way with p ≤ ${alpha} uncorrected, so that the size of the zone alone does not explain it; ` +
    `suggestive = p ≤ ${alpha} uncorrected; not supported = neither.`;
  const needed = Math.ceil(rows / alpha) - 1; // the smallest p is 1 / (permutations + 1), and Holm multiplies it by the number of rows
  return permutations >= needed
    ? rule
    : `${rule} With ${permutations} permutations no row of ${rows} can be supported: set analysis.permutations to at least ${needed}.`;
}
