/** @file Curves over two axes, as SVG: the first one with its band, the others as lines that differ by colour and dash. */
import { area, line, scaleLinear } from "d3";
import { html } from "hono/html";

export interface Axis {
  title: string;
  domain: readonly [number, number];
  ticks: readonly number[];
}

export interface Curve {
  /** which colour and dash: 0–5 */
  series: number;
  points: readonly (readonly [number, number])[];
  /** marks at the points: where lines between them are only for the eye */
  marked?: boolean;
}

export interface CurvesOptions {
  /** what the figure shows, with its numbers, for who cannot see it */
  label: string;
  x: Axis;
  y: Axis;
  curves: readonly Curve[];
  band?: readonly { x: number; low: number; high: number }[];
  /** what a model without worth, or a perfect one, would draw */
  references?: readonly (readonly (readonly [number, number])[])[];
}

const WIDTH = 400;
const HEIGHT = 360;
const MARGIN = { top: 12, right: 14, bottom: 44, left: 52 };
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };

const numberText = (value: number): string => String(value).replace("-", "−");

/** Points outside the axes are cut off at the edge, not left out. */
export function curvesFigure({ label, x: xAxis, y: yAxis, curves, band = [], references = [] }: CurvesOptions) {
  const x = scaleLinear(xAxis.domain, [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear(yAxis.domain, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<readonly [number, number]>(
    ([at]) => x(at),
    ([, height]) => y(height),
  ).digits(1);
  const bandPath = area<{ x: number; low: number; high: number }>(
    (at) => x(at.x),
    ({ low }) => y(low),
    ({ high }) => y(high),
  ).digits(1);
  const [left, right, top, bottom] = [MARGIN.left, WIDTH - MARGIN.right, MARGIN.top, HEIGHT - MARGIN.bottom];
  const ordered = [...curves].sort((a, b) => b.series - a.series); // the first arm lies on top
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${label}">
    ${xAxis.ticks.map(
      (tick) =>
        html`<path class="grid" d="M${x(tick)},${bottom}V${top}" />
          <text x="${x(tick)}" y="${bottom + 17}" text-anchor="middle">${numberText(tick)}</text>`,
    )}
    ${yAxis.ticks.map(
      (tick) =>
        html`<path class="grid" d="M${left},${y(tick)}H${right}" />
          <text x="${left - 7}" y="${y(tick) + 4}" text-anchor="end">${numberText(tick)}</text>`,
    )}
    <svg
      class="clip"
      x="${left}"
      y="${top}"
      width="${PLOT.width}"
      height="${PLOT.height}"
      viewBox="${left} ${top} ${PLOT.width} ${PLOT.height}"
    >
      ${band.length > 0 && html`<path class="band series-0" d="${bandPath(band) ?? ""}" />`}
      ${references.map((points) => html`<path class="reference" d="${path(points) ?? ""}" />`)}
      ${ordered.map(
        ({ series, points, marked }) =>
          html`<path class="curve series-${series}" d="${path(points) ?? ""}" />${
              marked && points.map(([at, height]) => html`<circle class="mark series-${series}" cx="${x(at)}" cy="${y(height)}" r="3" />`)
            }`,
      )}
    </svg>
    <path class="axis" d="M${left},${top}V${bottom}H${right}" />
    <text class="title" x="${(left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xAxis.title}</text>
    <text class="title" transform="translate(13,${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${yAxis.title}</text>
  </svg>`;
}
