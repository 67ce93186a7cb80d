/** @file What probabilities are worth: scores, calibration, decision curve, thresholds that inner splits chose, confusion. */
import { html } from "hono/html";
import type { Evaluation, ModelEvaluation } from "../../../src/config/evaluation.ts";
import type { Report } from "../../../src/config/report.ts";
import { fixed, percent } from "../../../src/util/format-number.ts";
import { curvesFigure, type Axis } from "../figures/curves.ts";
import { legend } from "../figures/legend.ts";
import { omitted, shownArms } from "../shown-arms.ts";
import { cell, difference, table } from "../table.ts";

const SHARE = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] } as const;

export function calibrationSection({ evaluation }: Report) {
  const { models } = evaluation;
  return html`<section id="calibration">
    <h2>Probabilities and decisions</h2>
    ${table(
      "Of probabilities after the temperature that inner splits chose (1.00: none, or none needed). Perfect are slope 1 and intercept 0; a dash where groups are too few or classes separate.",
      ["arm", "Brier score", "log loss", "calibration error", "slope", "intercept", "temperatures"].map((title) => ({ title })),
      models.map((model) => [
        model.name,
        cell(model.brier),
        cell(model.logLoss),
        cell(model.calibrationError),
        cell(model.calibrationLine?.slope),
        cell(model.calibrationLine?.intercept, difference),
        model.temperatures.length === 0 ? "–" : ends(model.temperatures),
      ]),
    )}
    ${curves(evaluation)}
    <h3>Operating points</h3>
    ${operatingTable(evaluation)} ${confusionTable(models[0], evaluation)}
  </section>`;
}

/** Least and greatest, or one number where they are equal as shown. */
function ends(values: readonly number[]): string {
  const [low, high] = [fixed(Math.min(...values), 2), fixed(Math.max(...values), 2)];
  return low === high ? low : `${low} – ${high}`;
}

function curves({ models, images, positives }: Evaluation) {
  const shown = shownArms(models).map((i) => models[i]);
  const benefit = benefitAxis(shown, positives / images);
  const thresholds = shown[0].decision.map(({ threshold }) => threshold);
  const end = Math.max(...thresholds);
  return html`${legend(shown.map(({ name }) => name))}
    <div class="panels">
      <figure>
        ${curvesFigure({
          label: `Calibration curves: ${shown.map(({ name, calibrationError }) => `${name}, calibration error ${fixed(calibrationError.estimate)}`).join("; ")}`,
          x: { title: "mean predicted probability", ...SHARE },
          y: { title: "observed share of positives", ...SHARE },
          curves: shown.map(({ reliability }, series) => ({ series, points: reliability.points, marked: true })),
          band: shown[0].reliability.band,
          references: [
            [
              [0, 0],
              [1, 1],
            ],
          ],
        })}
        <figcaption><b>Calibration.</b> Marks: bins of equal mass. Dashed: perfect.</figcaption>
      </figure>
      <figure>
        ${curvesFigure({
          label: `Decision curves: net benefit by threshold probability. ${shown.map((model) => benefitText(model)).join("; ")}`,
          x: { title: "threshold probability", domain: [0, end], ticks: [0, 0.2, 0.4, 0.6, 0.8].filter((tick) => tick <= end) },
          y: benefit,
          curves: shown.map(({ decision }, series) => ({
            series,
            points: decision.map(({ threshold, model }) => [threshold, model] as const),
          })),
          band: shown[0].decision.map(({ threshold, low, high }) => ({ x: threshold, low, high })),
          references: [
            shown[0].decision.map(({ threshold, all }) => [threshold, all] as const),
            [
              [0, 0],
              [end, 0],
            ],
          ],
        })}
        <figcaption><b>Net benefit.</b> Dashed: everybody is treated (falling) or nobody (0).</figcaption>
      </figure>
    </div>
    <p class="note">Bands: 95 % over groups, of ${shown[0].name}.${omitted(models)}</p>`;
}

/** From a little below nobody to a little above the prevalence, which no net benefit exceeds. */
function benefitAxis(shown: readonly ModelEvaluation[], prevalence: number): Axis {
  const top = Math.max(prevalence, ...shown[0].decision.map(({ high }) => high));
  const domain = [-0.15 * top, 1.08 * top] as const;
  const step = top > 0.4 ? 0.2 : top > 0.2 ? 0.1 : 0.05;
  const ticks = Array.from({ length: Math.floor(domain[1] / step) + 1 }, (_, k) => Number((k * step).toFixed(2)));
  return { title: "net benefit", domain, ticks };
}

/** Where a model beats both treating all and treating nobody. */
function benefitText({ name, decision }: ModelEvaluation): string {
  const better = decision.filter(({ model, all }) => model > Math.max(0, all)).map(({ threshold }) => threshold);
  if (better.length === 0) return `${name}: nowhere above treating all or nobody`;
  return `${name}: above treating all and nobody at ${better.length} of ${decision.length} thresholds, from ${percent(better[0], 0)} to ${percent(better[better.length - 1], 0)}`;
}

function operatingTable({ models, classes }: Evaluation) {
  const rows = models.flatMap(({ name, operating }) => operating.map((point) => ({ name, ...point })));
  if (rows.length === 0) return html`<p>No inner split chose a threshold in this study.</p>`;
  const count = (value: number) => String(Number(value.toFixed(1)));
  return table(
    `Thresholds chosen on inner splits, each fold's own on its own held-out images; least and greatest of the folds. Counts of images, positive class ${classes[1]}; means over trainings. Predictive values hold for the share of positives in these images.`,
    [
      { title: "arm" },
      { title: "rule", text: true },
      ...["threshold", "sensitivity", "specificity", "PPV", "NPV", "true +", "false +", "true −", "false −"].map((title) => ({ title })),
    ],
    rows.map((row) => [
      row.name,
      row.rule,
      ends(row.thresholds),
      cell(row.sensitivity),
      cell(row.specificity),
      cell(row.ppv),
      cell(row.npv),
      ...[row.truePositives, row.falsePositives, row.trueNegatives, row.falseNegatives].map(count),
    ]),
  );
}

/** Counts, and the share of the true class. */
const confusionTable = ({ name, confusion }: ModelEvaluation, { targets }: Evaluation) =>
  table(
    `Confusion of ${name}: true class by rows, the most probable by columns; images (means over trainings) and share of the true class.`,
    [{ title: "truly" }, ...targets.map((target) => ({ title: `said ${target}` }))],
    confusion.map((row, truth) => {
      const all = row.reduce((sum, count) => sum + count, 0);
      return [targets[truth], ...row.map((count) => html`${Number(count.toFixed(1))} <small>${percent(count / all, 0)}</small>`)];
    }),
  );
