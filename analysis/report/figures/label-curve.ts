/** @file AUROC by share of the training labels, with intervals, as SVG. */
import { line, scaleLinear, scaleLog } from "d3";
import { html } from "hono/html";
import type { LabelCurve } from "../../../src/config/report.ts";
import { percent, withInterval } from "../../../src/util/format-number.ts";

const WIDTH = 620;
const HEIGHT = 320;
const PLOT = { left: 56, right: 600, top: 12, bottom: 272 };
/** Pixels between the whiskers of two curves at one share. */
const APART = 7;

/** @param curves at most six; the share has a logarithmic axis, since half the labels matter as much at 10 % as at 100 % */
export function labelCurveFigure(curves: readonly LabelCurve[]) {
  const points = curves.flatMap((curve) => curve.points);
  const shares = [...new Set(points.map(({ labels }) => labels))].sort((a, b) => a - b);
  const x = scaleLog([shares[0], 1], [PLOT.left + 50, PLOT.right - 50]);
  const low = Math.min(0.5, ...points.map(({ auroc }) => auroc.low));
  const scale = scaleLinear([Math.floor(low * 10) / 10, 1], [PLOT.bottom, PLOT.top]);
  const y = (value: number) => Number(scale(value).toFixed(1));
  const label = `AUROC by share of labels: ${curves
    .map(({ name, points: own }) => `${name} ${own.map(({ labels, auroc }) => `${percent(labels, 0)} ${withInterval(auroc)}`).join(", ")}`)
    .join("; ")}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${label}">
    ${scale
      .ticks(5)
      .map(
        (tick) =>
          html`<path class="${tick === 0.5 ? "reference" : "grid"}" d="M${PLOT.left},${y(tick)}H${PLOT.right}" />
            <text x="${PLOT.left - 7}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
      )}
    ${shares.map((share) => html`<text x="${x(share)}" y="${PLOT.bottom + 18}" text-anchor="middle">${percent(share, 0)}</text>`)}
    <path class="axis" d="M${PLOT.left},${PLOT.top}V${PLOT.bottom}H${PLOT.right}" />
    ${curves.map(({ points: own }, series) => {
      const at = (labels: number) => Number((x(labels) + APART * (series - (curves.length - 1) / 2)).toFixed(1));
      const path = line<LabelCurve["points"][number]>(
        ({ labels }) => at(labels),
        ({ auroc }) => y(auroc.estimate),
      ).digits(1);
      return html`<path class="curve series-${series}" d="${path(own) ?? ""}" /> ${own.map(
          ({ labels, auroc }) =>
            html`<path class="error series-${series}" d="M${at(labels)},${y(auroc.low)}V${y(auroc.high)}" />
              <circle class="mark series-${series}" cx="${at(labels)}" cy="${y(auroc.estimate)}" r="4" />`,
        )}`;
    })}
    <text class="title" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">share of the training labels</text>
    <text class="title" transform="translate(13,${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">AUROC</text>
  </svg>`;
}
