/** @file Receiver operating characteristics of the models, as SVG. */
import { line, scaleLinear } from "d3";
import { html } from "hono/html";
import type { Evaluation } from "../../src/config/evaluation.ts";
import { fixed } from "../../src/util/format-number.ts";

const SIDE = 340;
const MARGIN = { top: 10, right: 10, bottom: 40, left: 46 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export function rocFigure(models: Evaluation["models"]) {
  const x = scaleLinear([0, 1], [MARGIN.left, SIDE - MARGIN.right]);
  const y = scaleLinear([0, 1], [SIDE - MARGIN.bottom, MARGIN.top]);
  const path = line(
    ([fpr]) => x(fpr),
    ([, tpr]) => y(tpr),
  );
  const label = `ROC curves: ${models.map((model) => `${model.name}, AUROC ${fixed(model.auroc.estimate)}`).join("; ")}`;
  return html`<svg viewBox="0 0 ${SIDE} ${SIDE}" width="${SIDE}" role="img" aria-label="${label}">
    ${TICKS.map(
      (tick) =>
        html`<path class="grid" d="M${x(tick)},${y(0)}V${y(1)}M${x(0)},${y(tick)}H${x(1)}" />
          <text x="${x(tick)}" y="${y(0) + 16}" text-anchor="middle">${tick}</text>
          <text x="${x(0) - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    )}
    <path class="reference" d="M${x(0)},${y(0)}L${x(1)},${y(1)}" />
    ${models.map((model, i) => html`<path class="curve series-${i}" d="${path(model.roc.points) ?? ""}" />`)}
    ${models.map(
      (model, i) =>
        html`<path class="curve series-${i}" d="M${x(0.42)},${y(0.16 - 0.08 * i)}h22" />
          <text x="${x(0.42) + 28}" y="${y(0.16 - 0.08 * i) + 4}">${model.name} ${fixed(model.auroc.estimate)}</text>`,
    )}
    <text x="${x(0.5)}" y="${SIDE - 6}" text-anchor="middle">false positive rate</text>
    <text transform="translate(12,${y(0.5)}) rotate(-90)" text-anchor="middle">true positive rate</text>
  </svg>`;
}
