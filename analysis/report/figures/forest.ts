/** @file Forest plot of one method's rows of the biomarker table: effect with interval, by zone and measure. */
import { scaleLinear } from "d3";
import { html } from "hono/html";
import type { BiomarkerRow } from "../../../src/config/biomarkers.ts";
import { pValue, signed, withInterval } from "../../../src/util/format-number.ts";

const WIDTH = 760;
const PLOT = { left: 150, right: 470 };
const ROW = 24;
const TOP = 26;
const TICKS = [-1, -0.5, 0, 0.5, 1];

/** @param rows of one method; a filled dot is significant after Holm's correction at `alpha` */
export function forestFigure(rows: readonly BiomarkerRow[], classes: readonly [string, string], alpha: number) {
  const x = scaleLinear([-1, 1], [PLOT.left, PLOT.right]);
  const bottom = TOP + rows.length * ROW;
  const label = `Cliff's delta by zone: ${rows.map((row) => `${row.zone} ${row.measure} ${withInterval(row.effect, signed)}`).join("; ")}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${bottom + 40}" width="${WIDTH}" role="img" aria-label="${label}">
    ${TICKS.map(
      (tick) =>
        html`<path class="${tick === 0 ? "reference" : "grid"}" d="M${x(tick)},${TOP - 6}V${bottom}" />
          <text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${String(tick).replace("-", "−")}</text>`,
    )}
    <text x="${x(-1)}" y="${bottom + 34}">← more in ${classes[0]}</text>
    <text x="${x(1)}" y="${bottom + 34}" text-anchor="end">more in ${classes[1]} →</text>
    <text class="head" x="${PLOT.right + 20}" y="14">effect [95 %]</text>
    <text class="head" x="${WIDTH}" y="14" text-anchor="end">p (Holm)</text>
    ${rows.map((row, i) => {
      const y = TOP + (i + 0.5) * ROW;
      const { estimate, low, high } = row.effect;
      return html`<text x="${PLOT.left - 12}" y="${y + 4}" text-anchor="end"
          >${row.measure === "share" ? html`<tspan class="head">${row.zone}</tspan> ` : ""}${row.measure}</text
        >
        <path class="whisker" d="M${x(low)},${y}H${x(high)}" />
        <circle class="${row.pHolm <= alpha ? "dot found" : "dot"}" cx="${x(estimate)}" cy="${y}" r="5" />
        <text x="${PLOT.right + 20}" y="${y + 4}">${withInterval(row.effect, signed)}</text>
        <text x="${WIDTH}" y="${y + 4}" text-anchor="end">${pValue(row.pHolm)}</text>`;
    })}
  </svg>`;
}
