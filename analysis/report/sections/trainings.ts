/** @file What chance alone changes: every training of every arm by itself, and how many labels are needed. */
import { html } from "hono/html";
import type { Report, Training } from "../../../src/config/report.ts";
import { sd } from "../../../src/metrics/moments.ts";
import { fixed, percent } from "../../../src/util/format-number.ts";
import { groupBy } from "../../../src/util/group-by.ts";
import { labelCurveFigure } from "../figures/label-curve.ts";
import { legend } from "../figures/legend.ts";
import { MOST_CURVES } from "../shown-arms.ts";
import { cell, table } from "../table.ts";

export function trainingsSection({ trainings, evaluation: { repeats, seeds } }: Report) {
  if (trainings.length === 0) return "";
  const byArm = [...groupBy(trainings, ({ arm }) => arm)];
  const places = byArm[0][1];
  const title = ({ repeat, seed }: Training) =>
    [...(repeats > 1 ? [`deal ${repeat}`] : []), ...(seeds > 1 ? [`seed ${seed}`] : [])].join(", ");
  return html`<section id="trainings">
    <h2>What chance changes</h2>
    ${table(
      "AUROC pooled over folds, of every training by itself: other deals of groups to folds, other seeds. Their standard deviation is beside what intervals over groups tell.",
      [{ title: "arm" }, ...places.map((place) => ({ title: title(place) })), { title: "standard deviation" }],
      byArm.map(([arm, own]) => [arm, ...own.map(({ auroc }) => fixed(auroc)), fixed(sd(own.map(({ auroc }) => auroc)))]),
    )}
  </section>`;
}

export function labelsSection({ labelEfficiency }: Report) {
  if (labelEfficiency.length === 0) return "";
  const drawn = labelEfficiency.slice(0, MOST_CURVES);
  const shares = [...new Set(labelEfficiency.flatMap(({ points }) => points.map(({ labels }) => labels)))].sort((a, b) => a - b);
  return html`<section id="labels">
    <h2>With fewer labels</h2>
    <p class="note">
      Share of the training groups whose labels are used, drawn by class; a smaller share is part of a larger one. Pretraining sees all
      training images of a fold, whatever the share.
    </p>
    ${legend(drawn.map(({ name }) => name))}
    <figure>
      <div class="scroll" tabindex="0" role="group" aria-label="AUROC by share of labels">${labelCurveFigure(drawn)}</div>
      ${drawn.length < labelEfficiency.length && html`<figcaption>Drawn are the first ${drawn.length} of ${labelEfficiency.length}, in the study's order.</figcaption>`}
    </figure>
    ${table(
      "AUROC by share of labels",
      [{ title: "weights and protocol" }, ...shares.map((share) => ({ title: percent(share, 0) }))],
      labelEfficiency.map(({ name, points }) => [
        name,
        ...shares.map((share) => cell(points.find(({ labels }) => labels === share)?.auroc)),
      ]),
    )}
  </section>`;
}
