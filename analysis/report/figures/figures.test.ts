/** @file Figures of the report: where numbers land in pixels, and what is said to those who do not see them. */
import * as assert from "uvu/assert";
import { describe } from "../../../src/testing/describe.ts";
import { madeUpBiomarkers } from "../../testing/rich-report.ts";
import { curvesFigure } from "./curves.ts";
import { forestFigure } from "./forest.ts";
import { intervalsFigure } from "./intervals.ts";
import { labelCurveFigure } from "./label-curve.ts";

const interval = (estimate: number) => ({ estimate, low: estimate - 0.1, high: estimate + 0.1 });

describe("curvesFigure", (test) => {
  const axis = { title: "x", domain: [0, 1], ticks: [0, 1] } as const;
  const points = [
    [0, 0],
    [0.5, 0.75],
    [1, 1],
  ] as const;
  test("runs from the lower left corner of the plot to the upper right, with its band, and cuts off what lies outside", async () => {
    const svg = String(
      await curvesFigure({
        ...{ label: "Curves: a & b", x: axis, y: axis, curves: [{ series: 0, points }], references: [points] },
        band: [
          { x: 0, low: -1, high: 0.5 },
          { x: 1, low: 0.5, high: 1 },
        ],
      }),
    );
    // plot: 52 … 386 across, 316 … 12 up
    assert.match(svg, /class="curve series-0" d="M52,316L219,88L386,12"/);
    assert.match(svg, /class="reference" d="M52,316L219,88L386,12"/);
    assert.match(svg, /class="band series-0" d="M52,164L386,12L386,164L52,620Z"/);
    assert.match(svg, /<svg\s+class="clip"\s+x="52"\s+y="12"\s+width="334"\s+height="304"/);
    assert.match(svg, /aria-label="Curves: a &amp; b"/);
  });
  test("draws the first arm last, so that it lies on top, and marks where points are", async () => {
    const svg = String(
      await curvesFigure({
        ...{ label: "", x: axis, y: axis },
        curves: [
          { series: 0, points, marked: true },
          { series: 1, points },
        ],
      }),
    );
    assert.ok(svg.indexOf("curve series-1") < svg.indexOf("curve series-0"));
    assert.is(svg.match(/class="mark series-0"/g)!.length, 3);
  });
});

describe("intervalsFigure", (test) => {
  test("puts estimate, interval, what training anew would give and folds on one axis, and says the numbers", async () => {
    const svg = String(
      await intervalsFigure([{ name: "a<b", auroc: interval(0.75), wide: { estimate: 0.75, low: 0.55, high: 0.95 }, ticks: [0.5, 1] }]),
    );
    const x = (value: number) => (250 + (410 * (value - 0.4)) / 0.6).toFixed(1).replace(".0", ""); // 0.4 … 1 over 250 … 660
    assert.ok(svg.includes(`class="dot found" cx="${x(0.75)}"`));
    assert.ok(svg.includes(`class="whisker thick" d="M${x(0.65)},28H${x(0.85)}"`));
    assert.ok(svg.includes(`class="whisker thin" d="M${x(0.55)},28H${x(0.95)}"`));
    for (const fold of [0.5, 1]) assert.ok(svg.includes(`class="fold" d="M${x(fold)},34v6"`));
    assert.match(svg, /aria-label="AUROC: a&lt;b 0\.750 \[0\.650, 0\.850\]"/);
  });
  test("widens its axis below chance where an interval goes there", async () =>
    assert.match(
      String(await intervalsFigure([{ name: "a", auroc: interval(0.35), wide: null, ticks: [] }])),
      /x="250" y="59" text-anchor="middle">0\.2</,
    ));
});

describe("labelCurveFigure", (test) => {
  test("has a logarithmic axis of labels: a quarter lies as far from a half as a half from all", async () => {
    const points = [0.25, 0.5, 1].map((labels) => ({ labels, auroc: interval(0.75) }));
    const svg = String(await labelCurveFigure([{ name: "a", points }]));
    const xs = [...svg.matchAll(/class="mark series-0" cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    assert.is(xs.length, 3);
    assert.ok(Math.abs(xs[1] - xs[0] - (xs[2] - xs[1])) <= 0.1 + 1e-9, "one decimal");
    assert.match(svg, /aria-label="AUROC by share of labels: a 25 % 0\.750 \[0\.650, 0\.850\], 50 %/);
  });
});

describe("forestFigure", (test) => {
  test("draws effects on one axis, filled where they survive the correction", async () => {
    const svg = String(await forestFigure(madeUpBiomarkers.table, ["benign", "malignant"], 0.05));
    assert.match(svg, /class="dot" cx="270" cy="38"/);
    assert.match(svg, /class="dot found" cx="390" cy="62"/);
    assert.match(svg, /M358,62H422/);
  });
});
