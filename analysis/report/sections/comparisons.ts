/** @file The first arm against each other one on the same images, by three tests, and what they say in words. */
import { html } from "hono/html";
import type { Report } from "../../../src/config/report.ts";
import { pValue } from "../../../src/util/format-number.ts";
import { cell, difference, table, type Content } from "../table.ts";

/** More sentences than that are folded up: the summary has the first ones. */
const SENTENCES = 3;

export function comparisonsSection({ evaluation: { comparisons } }: Report) {
  if (comparisons.length === 0) return "";
  const foldT = (found: (typeof comparisons)[number]["foldT"]): Content[] =>
    found ? [cell({ estimate: found.mean, low: found.low, high: found.high }, difference), pValue(found.p)] : ["–", "–"];
  return html`<section id="comparisons">
    <h2>Comparisons</h2>
    ${table(
      html`AUROC of ${comparisons[0].a} minus that of each other arm, paired on the same images. p: exchange of ranks within groups; Holm:
      corrected over all rows; DeLong: takes images as independent; folds: corrected resampled t.`,
      [{ title: "minus" }, ...["difference", "p", "p (Holm)", "p (DeLong)", "mean over folds", "p (folds)"].map((title) => ({ title }))],
      comparisons.map(({ b, delta, p, pHolm, pDelong, foldT: folds }) => [
        b,
        cell(delta, difference),
        pValue(p),
        pValue(pHolm),
        pDelong === null ? "–" : pValue(pDelong),
        ...foldT(folds),
      ]),
    )}
    <details ${comparisons.length <= SENTENCES && "open"}>
      <summary>In words</summary>
      <ul>
        ${comparisons.map(({ sentence }) => html`<li>${sentence}</li>`)}
      </ul>
    </details>
  </section>`;
}
