/** @file Trials as lines over one axis a parameter and one for the value, as SVG: where the good ones lie. */
import { line, scaleLinear, scalePoint } from "d3";
import { html } from "hono/html";
import type { Direction, Trial, TuneConfig } from "../../../src/config/tune.ts";
import { lossOf } from "../../../src/tune/history.ts";
import { parallelCoordinates, type CoordinateLine } from "../../../src/tune/parallel-coordinates.ts";

/** A column has room for the last parts of a path at 12 px. */
const COLUMN = 150;
const MARGIN = { top: 46, right: 90, bottom: 18, left: 90 };
const HEIGHT = 300;

/** The best tenth is drawn over the others, the best one thick; lines break where a trial does not set a parameter. */
export function parallelFigure(config: Pick<TuneConfig, "space" | "metric" | "direction">, trials: readonly Trial[], metricName: string) {
  const { axes, lines } = parallelCoordinates(config, trials);
  const x = scalePoint<number>(
    axes.map((_, i) => i),
    [MARGIN.left, MARGIN.left + COLUMN * (axes.length - 1)],
  );
  const y = scaleLinear([0, 1], [MARGIN.top + HEIGHT, MARGIN.top]);
  const width = MARGIN.left + COLUMN * (axes.length - 1) + MARGIN.right;
  const path = line<number | null>()
    .defined((at) => at !== null)
    .x((_, i) => x(i)!)
    .y((at) => y(at!));
  const ranks = rankOf(lines, config.direction);
  const best = Math.max(1, Math.ceil(lines.length / 10));
  const drawn = lines.toSorted((a, b) => ranks.get(b.number)! - ranks.get(a.number)!); // the best last, on top
  const kind = ({ number, state }: CoordinateLine) =>
    ranks.get(number) === 0 ? "line best" : ranks.get(number)! < best ? "line good" : state === "pruned" ? "line pruned" : "line";
  const label = `Parallel coordinates of ${lines.length} trials over ${axes.map(({ name }) => name).join(", ")}`;
  return html`<svg viewBox="0 0 ${width} ${MARGIN.top + HEIGHT + MARGIN.bottom}" width="${width}" role="img" aria-label="${label}">
    ${drawn.map(
      (one) =>
        html`<path class="${kind(one)}" d="${path(one.at) ?? ""}"
          ><title>trial ${one.number}: ${one.value ?? "no value"} (${one.state})</title></path
        >`,
    )}
    ${axes.map(({ name, log, marks }, i) => {
      const last = i === axes.length - 1;
      const [short, above] = last ? [metricName, "value"] : shortName(name);
      return html`<g>
        <path class="axis" d="M${x(i)},${y(0)}V${y(1)}" />
        <text class="title" x="${x(i)}" y="14" text-anchor="middle">${above}</text>
        <text class="head" x="${x(i)}" y="30" text-anchor="middle">${short}${log ? " (log)" : ""}</text>
        ${marks.map(
          ({ at, label: text }) =>
            html`<path class="axis" d="M${x(i)},${y(at)}h${last ? 5 : -5}" />
              <text x="${x(i)! + (last ? 9 : -9)}" y="${y(at) + 4}" text-anchor="${last ? "start" : "end"}">${text}</text>`,
        )}
      </g>`;
    })}
  </svg>`;
}

/** finetune.optimiser.learningRate → learningRate over finetune.optimiser */
const shortName = (path: string): [short: string, above: string] => {
  const parts = path.split(".");
  return [parts.at(-1)!, parts.slice(0, -1).join(".")];
};

/** Place of each line, 0 the best complete one; pruned ones after all that are complete. */
function rankOf(lines: readonly CoordinateLine[], direction: Direction): Map<number, number> {
  const loss = ({ value }: CoordinateLine) => (value === null ? Infinity : lossOf(value, direction));
  const sorted = lines.toSorted(
    (a, b) => Number(a.state === "pruned") - Number(b.state === "pruned") || loss(a) - loss(b) || a.number - b.number,
  );
  return new Map(sorted.map(({ number }, rank) => [number, rank]));
}
