/** @file What the arms have to beat: baselines without a network on the same folds, and what metadata alone tell of the classes. */
import { html } from "hono/html";
import type { Audit } from "../../../src/config/audit.ts";
import type { Baseline } from "../../../src/config/baselines.ts";
import type { Report } from "../../../src/config/report.ts";
import { pValue } from "../../../src/util/format-number.ts";
import { cell, difference, table } from "../table.ts";

export function baselinesSection({ evaluation: { shortcuts, baselines } }: Report) {
  if (!shortcuts && baselines.length === 0) return "";
  return html`<section id="baselines">
    <h2>Baselines and shortcuts</h2>
    ${baselines.length > 0 && baselineTable(baselines)} ${shortcuts && shortcutTable(shortcuts)}
  </section>`;
}

function baselineTable(baselines: readonly Baseline[]) {
  const arm = baselines.flatMap(({ against }) => against?.arm ?? [])[0];
  const sentences = baselines.flatMap(({ against }) => against?.sentence ?? []);
  return html`${table(
    `Without a network, held out on the same folds.${arm === undefined ? "" : ` Difference: AUROC of ${arm} on the same images minus that of the baseline, paired by group; Holm's correction spans all baselines.`}`,
    [
      { title: "baseline" },
      ...["AUROC", "within folds, fitted anew", "Brier score", "difference", "p", "p (Holm)", "images", "left out"].map((title) => ({
        title,
      })),
      { title: "what to know", text: true },
    ],
    baselines.map(({ title, note, performance, against, images, missing }) => [
      title,
      cell(performance?.auroc),
      cell(performance?.procedureAuroc),
      cell(performance?.brier),
      cell(against?.delta, difference),
      ...(against ? [pValue(against.p), pValue(against.pHolm)] : ["–", "–"]),
      ...[images, missing],
      note,
    ]),
  )}
  ${
    sentences.length > 0 &&
    html`<details>
      <summary>In words</summary>
      <ul>
        ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>
    </details>`
  }
  ${baselines.some(({ features }) => features.length > 0) && featureTable(baselines)}`;
}

const featureTable = (baselines: readonly Baseline[]) =>
  html`<details>
    <summary>What baselines read</summary>
    ${table(
      "How often a positive image has the greater value, without a model; below 0.5 positives have lesser ones.",
      [{ title: "feature" }, { title: "unit", text: true }, { title: "of", text: true }, { title: "AUROC" }],
      baselines.flatMap(({ title, features }) => features.map(({ name, unit, auroc }) => [name, unit, title, cell(auroc)])),
    )}
  </details>`;

const shortcutTable = ({ features, joint, permutations, warning }: Audit) =>
  html`<h3>What metadata alone tell</h3>
    ${table(
      `Logistic models on metadata, without pixels, held out; 95 % intervals by bootstrap over groups; p by ${permutations} permutations over groups, corrected for every line.`,
      [{ title: "feature" }, { title: "AUROC" }, { title: "p" }],
      [...features, { name: "all together", ...joint }].map(({ name, auroc, low, high, p }) => [
        name,
        cell({ estimate: auroc, low, high }),
        pValue(p),
      ]),
    )}
    ${warning === "" && html`<p class="note">No warning: nothing here stands above chance.</p>`}`;
