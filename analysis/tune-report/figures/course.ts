/** @file The course of a search: the value of each trial, and the best up to it, as SVG. */
import { curveStepAfter, line, scaleLinear } from "d3";
import { html } from "hono/html";
import type { Direction, Trial } from "../../../src/config/tune.ts";
import { lossOf } from "../../../src/tune/history.ts";

const WIDTH = 760;
const PLOT = { left: 70, right: 740, top: 12, bottom: 250 };

export function courseFigure(trials: readonly Trial[], direction: Direction, metricName: string) {
  const points = trials.filter((trial): trial is Trial & { value: number } => trial.value !== null);
  const complete = points.filter(({ state }) => state === "complete");
  const x = scaleLinear([0, Math.max(1, ...trials.map(({ number }) => number))], [PLOT.left, PLOT.right]);
  const values = points.map(({ value }) => value);
  const y = scaleLinear([Math.min(...values), Math.max(...values)], [PLOT.bottom, PLOT.top]).nice();
  const best = complete.map(({ number }, i) => ({
    number,
    value: complete.slice(0, i + 1).reduce((a, b) => (lossOf(b.value, direction) < lossOf(a.value, direction) ? b : a)).value,
  }));
  const steps = line<{ number: number; value: number }>()
    .x(({ number }) => x(number))
    .y(({ value }) => y(value))
    .curve(curveStepAfter);
  const whole = x.ticks(10).filter(Number.isInteger);
  return html`<svg
    viewBox="0 0 ${WIDTH} ${PLOT.bottom + 44}"
    width="${WIDTH}"
    role="img"
    aria-label="Value of ${points.length} trials by number, and the best so far"
  >
    ${y
      .ticks(6)
      .map(
        (tick) =>
          html`<path class="grid" d="M${PLOT.left},${y(tick)}H${PLOT.right}" />
            <text x="${PLOT.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
      )}
    ${whole.map((tick) => html`<text x="${x(tick)}" y="${PLOT.bottom + 18}" text-anchor="middle">${tick}</text>`)}
    <text class="title" x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 38}" text-anchor="middle">
      trial (ring: pruned; line: best ${metricName} so far)
    </text>
    <path class="curve series-0" d="${steps(best) ?? ""}" />
    ${points.map(
      ({ number, value, state }) =>
        html`<circle class="${state === "pruned" ? "dot pale" : "dot found first"}" cx="${x(number)}" cy="${y(value)}" r="3.5"
          ><title>trial ${number}: ${value} (${state})</title></circle
        >`,
    )}
  </svg>`;
}
