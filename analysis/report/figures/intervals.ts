/** @file AUROCs with their intervals on one axis, as SVG: arms and baselines, and what single folds gave. */
import { scaleLinear } from "d3";
import { html } from "hono/html";
import type { Interval } from "../../../src/config/interval.ts";
import { fixed, withInterval } from "../../../src/util/format-number.ts";

export interface IntervalRow {
  name: string;
  auroc: Interval;
  /** the interval of training anew, drawn thin; null where there is none */
  wide: Interval | null;
  /** single folds */
  ticks: readonly number[];
  /** a baseline, no arm */
  pale?: boolean;
}

const WIDTH = 860;
const PLOT = { left: 250, right: 660 };
const ROW = 28;
const TOP = 14;

/** The axis holds every interval and chance, and begins below them; single folds beyond it are drawn at its edge. */
export function intervalsFigure(rows: readonly IntervalRow[]) {
  const lowest = Math.min(0.5, ...rows.map(({ auroc, wide }) => Math.min(auroc.low, wide?.low ?? 1)));
  const from = Math.max(0, Math.floor(lowest * 10 - 0.001) / 10);
  const scale = scaleLinear([from, 1], [PLOT.left, PLOT.right]).clamp(true);
  const x = (value: number) => Number(scale(value).toFixed(1));
  const bottom = TOP + rows.length * ROW;
  const label = `AUROC: ${rows.map(({ name, auroc }) => `${name} ${withInterval(auroc)}`).join("; ")}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${bottom + 44}" width="${WIDTH}" role="img" aria-label="${label}">
    ${scale
      .ticks(6)
      .map(
        (tick) =>
          html`<path class="${tick === 0.5 ? "reference" : "grid"}" d="M${x(tick)},${TOP - 6}V${bottom}" />
            <text x="${x(tick)}" y="${bottom + 17}" text-anchor="middle">${tick}</text>`,
      )}
    <text class="title" x="${(PLOT.left + PLOT.right) / 2}" y="${bottom + 38}" text-anchor="middle">AUROC (dashed: chance)</text>
    ${rows.map(({ name, auroc, wide, ticks, pale }, i) => {
      const y = TOP + (i + 0.5) * ROW;
      return html`<g class="${pale ? "pale" : i === 0 ? "first" : ""}">
        <text x="${PLOT.left - 14}" y="${y + 4}" text-anchor="end">${name}</text>
        ${wide && html`<path class="whisker thin" d="M${x(wide.low)},${y}H${x(wide.high)}" />`}
        <path class="whisker thick" d="M${x(auroc.low)},${y}H${x(auroc.high)}" />
        ${ticks.map((tick) => html`<path class="fold" d="M${x(tick)},${y + 6}v6" />`)}
        <circle class="dot found" cx="${x(auroc.estimate)}" cy="${y}" r="4.5" />
        <text x="${PLOT.right + 20}" y="${y + 4}">${fixed(auroc.estimate)} [${fixed(auroc.low)}, ${fixed(auroc.high)}]</text>
      </g>`;
    })}
  </svg>`;
}
