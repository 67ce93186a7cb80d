/** @file Importance of each parameter as bars, as SVG. */
import { scaleLinear } from "d3";
import { html } from "hono/html";
import type { Tuned } from "../../../src/config/tuned.ts";
import { percent } from "../../../src/util/format-number.ts";

const WIDTH = 760;
const PLOT = { left: 290, right: 680 };
const ROW = 26;

/** The most important on top. */
export function importanceFigure(importance: Tuned["importance"]) {
  const rows = importance.toSorted((a, b) => b.share - a.share);
  const x = scaleLinear([0, 1], [PLOT.left, PLOT.right]);
  const label = `Importance: ${rows.map(({ path, share }) => `${path} ${percent(share, 0)}`).join("; ")}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW + 8}" width="${WIDTH}" role="img" aria-label="${label}">
    <path class="axis" d="M${PLOT.left},0V${rows.length * ROW}" />
    ${rows.map(
      ({ path, share }, i) =>
        html`<text x="${PLOT.left - 10}" y="${i * ROW + 17}" text-anchor="end">${path}</text>
          <rect class="bar" x="${PLOT.left}" y="${i * ROW + 5}" width="${x(share) - PLOT.left}" height="${ROW - 10}" />
          <text x="${x(share) + 8}" y="${i * ROW + 17}">${percent(share, 0)}</text>`,
    )}
  </svg>`;
}
