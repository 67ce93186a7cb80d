/** @file Chart layouts: where numbers land in pixels. */
import { scaleLinear } from "d3";
import * as assert from "uvu/assert";
import { describe } from "../../../src/testing/describe.ts";
import { ticksOf } from "./axis.ts";
import { forestLayout } from "./forest.ts";
import { linesLayout, pointsAt } from "./lines.ts";
import { rocLayout } from "./roc.ts";

/** Points of an SVG path of straight lines. */
const pointsOf = (path: string): number[][] => [...path.matchAll(/[ML]([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe("ticksOf", (test) => {
  test("puts labels where the scale puts their values", () => {
    assert.equal(ticksOf(scaleLinear([0, 1], [10, 110]), 2), [
      { at: 10, label: "0.0" },
      { at: 60, label: "0.5" },
      { at: 110, label: "1.0" },
    ]);
  });

  test("leaves out halves where only integers make sense", () => {
    assert.equal(
      ticksOf(scaleLinear([0, 2], [0, 100]), 4, true).map((tick) => tick.at),
      [0, 50, 100],
    );
  });
});

describe("rocLayout", (test) => {
  test("runs from the lower left corner of the plot to the upper right, upwards", () => {
    const points = [
      [0, 0],
      [0.25, 0.5],
      [1, 1],
    ];
    const { plot, curves, diagonal } = rocLayout([{ name: "a", points }], { width: 300, height: 300 });
    const width = plot.right - plot.left;
    const height = plot.bottom - plot.top;
    assert.equal(pointsOf(curves[0]!.path), [
      [plot.left, plot.bottom],
      [plot.left + width / 4, plot.bottom - height / 2],
      [plot.right, plot.top],
    ]);
    assert.equal(pointsOf(diagonal), [
      [plot.left, plot.bottom],
      [plot.right, plot.top],
    ]);
  });
});

describe("forestLayout", (test) => {
  test("is symmetric about no effect", () => {
    const { zero, rows } = forestLayout([{ low: -0.4, estimate: 0, high: 0.4 }], 200, 1);
    assert.is(zero, 100);
    assert.is(rows[0]!.estimate, zero);
    assert.is(zero - rows[0]!.low, rows[0]!.high - zero);
  });

  test("shows small effects small: the axis reaches one half at least", () => {
    const { zero, rows, ticks } = forestLayout([{ low: -0.01, estimate: 0.01, high: 0.02 }], 228, 1);
    assert.equal([ticks[0]!.label, ticks.at(-1)!.label], ["−0.4", "0.4"]);
    assert.ok(rows[0]!.high - zero < 5, `${rows[0]!.high - zero} pixels`);
  });

  test("never reaches past the largest effect that there can be, and holds no rows without trouble", () => {
    const { rows } = forestLayout([{ low: 0.2, estimate: 0.9, high: 1 }], 228, 1);
    assert.is(rows[0]!.high, 214);
    assert.equal(forestLayout([], 228, 1).rows, []);
  });
});

describe("linesLayout", (test) => {
  const size = { width: 400, height: 200 };

  test("draws nothing where no value is finite", () => {
    assert.is(linesLayout([{ name: "a", points: [{ step: 0, value: null }] }], size), undefined);
    assert.is(linesLayout([], size), undefined);
  });

  test("breaks a line where a value is missing", () => {
    const points = [0, 1, null, 3, 4].map((value, step) => ({ step, value }));
    const { path } = linesLayout([{ name: "a", points }], size)!.lines[0]!;
    assert.is(path.match(/M/g)!.length, 2);
    assert.is(pointsOf(path).length, 4);
  });

  test("gives a single point the middle of its axes", () => {
    const { xOf, yOf, plot, steps } = linesLayout([{ name: "a", points: [{ step: 7, value: 0.5 }] }], size)!;
    assert.is(xOf(7), (plot.left + plot.right) / 2);
    assert.is(yOf(0.5), (plot.top + plot.bottom) / 2);
    assert.equal(steps, [7, 7]);
  });

  test("finds the step under a pixel, and the nearest end outside the plot", () => {
    const points = [0, 10, 20].map((step) => ({ step, value: step }));
    const { stepOf, xOf } = linesLayout([{ name: "a", points }], size)!;
    for (const step of [0, 7, 20]) assert.is(stepOf(xOf(step)), step);
    assert.equal([stepOf(-100), stepOf(9999)], [0, 20]);
  });
});

describe("pointsAt", (test) => {
  test("takes the nearest point of each series, and none of an empty one", () => {
    const series = [
      { name: "a", points: [0, 10, 20].map((step) => ({ step, value: step })) },
      { name: "b", points: [] },
    ];
    assert.equal(
      [4, 6, 100].map((step) => pointsAt(series, step).map((point) => point?.step)),
      [
        [0, undefined],
        [10, undefined],
        [20, undefined],
      ],
    );
  });
});
