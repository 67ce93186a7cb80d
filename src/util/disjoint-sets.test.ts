import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { disjointSets } from "./disjoint-sets.ts";

describe("disjointSets", (test) => {
  test("each set is named by its smallest member, whatever the order of joins: equals relabelling, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed);
      const sets = disjointSets(15);
      let labels = range(15);
      for (let join = 0; join < 10; join++) {
        const [a, b] = [rng.int(15), rng.int(15)];
        sets.join(a, b);
        const [low, high] = [Math.min(labels[a], labels[b]), Math.max(labels[a], labels[b])];
        labels = labels.map((label) => (label === high ? low : label));
      }
      assert.equal(range(15).map(sets.find), labels);
    }
  });
});
