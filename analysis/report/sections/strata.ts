/** @file AUROC inside each part of the data, arms side by side. */
import { html } from "hono/html";
import type { Report } from "../../../src/config/report.ts";
import { cell, table } from "../table.ts";

/** Arms beyond that make the table wider than anybody reads; report.json has all. */
const MOST_ARMS = 6;

export function strataSection({ evaluation: { models, classes } }: Report) {
  const { strata: all } = models[0];
  if (all.length === 0) return "";
  const told = new Set(all.filter(({ auroc }) => auroc).map(({ by }) => by));
  const parts = all.filter(({ by }) => told.has(by));
  const untold = [...new Set(all.filter(({ by }) => !told.has(by)).map(({ by }) => by))];
  const shown = models.slice(0, MOST_ARMS);
  const more = models.length > MOST_ARMS ? ` The first ${MOST_ARMS} of ${models.length} arms.` : "";
  return html`<section id="strata">
    <h2>Parts of the data</h2>
    ${table(
      `AUROC within each part; a dash where a class has fewer than five groups. A model that ranks well overall may rank badly at one site, or only by what was drawn into images.${more}`,
      [
        { title: "divided by" },
        { title: "part", text: true },
        ...["images", "groups", classes[1]].map((title) => ({ title })),
        ...shown.map(({ name }) => ({ title: name })),
      ],
      parts.map(({ by, value, images, groups, positives }) => [
        by,
        value,
        ...[images, groups, positives],
        ...shown.map(({ strata }) => cell(strata.find((part) => part.by === by && part.value === value)?.auroc)),
      ]),
    )}
    ${untold.length > 0 && html`<p class="note">Not shown, since no part has five groups of each class: ${untold.join(", ")}.</p>`}
  </section>`;
}
