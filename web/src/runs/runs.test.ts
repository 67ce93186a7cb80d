/** @file Durations, and which metrics are drawn. */
import * as assert from "uvu/assert";
import { describe } from "../../../src/testing/describe.ts";
import { range } from "../../../src/util/rng.ts";
import { lineClass, metricsOf, MOST_LINES, runsWith } from "./metric-choice.ts";
import { durationOf } from "./when.ts";

describe("durationOf", (test) => {
  test("tells seconds, minutes and hours, and a dash while the run goes on", () => {
    const words = [1234, 9_990, 59_600, 95_000, 3_725_000].map((endTime) => durationOf({ startTime: 0, endTime }));
    assert.equal(words, ["1.2 s", "10.0 s", "1 min 0 s", "1 min 35 s", "1 h 2 min"]);
    assert.is(durationOf({ startTime: 0, endTime: null }), "–");
  });
});

describe("metric choice", (test) => {
  const runs: { metrics: Record<string, number | null> }[] = [
    { metrics: { loss: 1 } },
    { metrics: { auroc: 1, loss: 1 } },
    { metrics: { accuracy: null } },
  ];

  test("metrics of most runs come first, then by name", () => {
    assert.equal(metricsOf(runs), ["loss", "accuracy", "auroc"]);
    assert.equal(metricsOf([]), []);
  });

  test("only runs with the metric are drawn, and no more than lines can be told apart", () => {
    assert.equal(runsWith(runs, "loss"), runs.slice(0, 2));
    assert.is(
      runsWith(
        range(99).map(() => runs[0]!),
        "loss",
      ).length,
      MOST_LINES,
    );
    assert.is(new Set(range(MOST_LINES).map(lineClass)).size, MOST_LINES);
  });
});
