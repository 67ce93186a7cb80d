import * as assert from "uvu/assert";
import { auroc } from "../src/metrics/auroc.ts";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { knnProbe, linearProbe, PENALTY_GRID, type Bank } from "./probes.ts";

/** Rows of 6 numbers of which the first tells the classes apart by `shift` standard deviations. */
function drawn(n: number, shift: number, name: string): Bank {
  const rng = rngOf(3, name);
  const labels = range(n).map((i) => i % 2);
  return {
    labels,
    inner: range(n).map((i) => (i >> 1) % 3),
    rows: labels.map((label) => [label * shift + rng.normal(), ...range(5).map(() => rng.normal())]),
  };
}

describe("frozen probes", (test) => {
  test("rank classes that the features tell apart, and do not rank those that they do not", () => {
    for (const probe of [knnProbe, linearProbe]) {
      const asked = drawn(300, 3, "queries");
      assert.ok(auroc(asked.labels, probe(drawn(120, 3, "bank"), asked.rows).scores) > 0.9);
      const chance = drawn(300, 0, "chance");
      assert.ok(Math.abs(auroc(chance.labels, probe(drawn(120, 0, "noise"), chance.rows).scores) - 0.5) < 0.12);
    }
  });

  test("choose from their grid, equally each time, and give a score for every query", () => {
    const bank = drawn(90, 0, "noise");
    const probed = linearProbe(bank, drawn(10, 0, "queries").rows);
    const { chosen, scores } = probed;
    assert.ok(PENALTY_GRID.includes(chosen));
    assert.is(scores.length, 10);
    assert.equal(linearProbe(bank, drawn(10, 0, "queries").rows), probed);
  });
});
