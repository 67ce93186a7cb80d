import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { parseCsv } from "../../util/csv.ts";
import { groupBy } from "../../util/group-by.ts";
import { range, rngOf, shuffle, type Rng } from "../../util/rng.ts";
import { assertNoLeak, foldsCsv, foldsOf } from "./folds.ts";

/** A cohort: groups of 1–5 images, about a third malignant. */
function cohort(rng: Rng, groups: number): { group: string; label: string }[] {
  return range(groups).flatMap((g) => {
    const label = rng.next() < 1 / 3 ? "malignant" : "benign";
    return range(1 + rng.int(5)).map(() => ({ group: `case-${g}`, label }));
  });
}

const spread = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);

describe("foldsOf", (test) => {
  test("never splits a group, uses every fold, and deals the groups of a class evenly (±1), 20 seeds", () => {
    for (const seed of range(20)) {
      const images = cohort(rngOf(seed, "cohort"), 30 + seed);
      for (const k of [2, 3, 5]) {
        const folds = foldsOf(images, k, seed);
        assertNoLeak(images, folds);
        for (const label of ["benign", "malignant"]) {
          const groups = range(k).map(
            (fold) => new Set(images.filter((image, i) => image.label === label && folds[i] === fold).map((image) => image.group)).size,
          );
          assert.ok(spread(groups) <= 1, `seed ${seed}, k ${k}, ${label}: ${groups.join(" ")} groups`);
          const counts = range(k).map((fold) => images.filter((image, i) => image.label === label && folds[i] === fold).length);
          assert.ok(spread(counts) <= 5, `seed ${seed}, k ${k}, ${label}: ${counts.join(" ")} images`);
        }
      }
    }
  });
  test("depends on groups, labels and seed, not on the order of the images, 20 seeds", () => {
    for (const seed of range(20)) {
      const images = cohort(rngOf(seed, "cohort"), 20);
      const folds = foldsOf(images, 3, seed);
      const order = shuffle(range(images.length), rngOf(seed, "order"));
      const again = foldsOf(
        order.map((i) => images[i]),
        3,
        seed,
      );
      assert.equal(
        [...again],
        order.map((i) => folds[i]),
      );
    }
  });
  test("gives other folds for another seed", () => {
    const images = cohort(rngOf(1), 40);
    const texts = range(5).map((seed) => foldsOf(images, 3, seed).join());
    assert.is(new Set(texts).size, 5);
  });
  test("keeps these folds for ever: results are compared by them", () => {
    const images = range(12).map((g) => ({ group: `case-${g}`, label: g < 6 ? "benign" : "malignant" }));
    assert.is(foldsOf(images, 3, 0).join(""), "011022122001");
    assert.is(foldsOf(images, 3, 0, 0).join(""), "011022122001");
    assert.is(foldsOf(images, 3, 0, 1).join(""), "201102120120");
  });
  test("deals the groups anew for each repeat, which is no other seed's deal", () => {
    const images = cohort(rngOf(1), 40);
    const deals = range(4).flatMap((seed) => range(5).map((repeat) => foldsOf(images, 3, seed, repeat).join()));
    assert.is(new Set(deals).size, 20);
    assert.throws(() => foldsOf(images, 3, 0, -1), /repeat must be an integer of at least 0, got -1/);
  });
  test("shares every class out as evenly as its groups allow: no two folds differ by more than the largest group, 20 seeds", () => {
    for (const seed of range(20)) {
      const rng = rngOf(seed, "classes");
      const classes = 1 + rng.int(6);
      // one group in ten is large
      const images = range(60 + rng.int(60)).flatMap((g) => {
        const label = `class-${rng.int(classes)}`;
        return range(1 + rng.int(rng.next() < 0.1 ? 30 : 4)).map(() => ({ group: `g${g}`, label }));
      });
      for (const k of [2, 5, 10]) {
        const folds = foldsOf(images, k, seed, seed % 3);
        for (const label of new Set(images.map((image) => image.label))) {
          const own = images.filter((image) => image.label === label);
          const largest = Math.max(...[...groupBy(own, (image) => image.group).values()].map((members) => members.length));
          const counts = range(k).map((fold) => images.filter((image, i) => image.label === label && folds[i] === fold).length);
          assert.ok(spread(counts) <= largest, `seed ${seed}, k ${k}, ${label}: ${counts.join(" ")} images, largest group ${largest}`);
        }
      }
    }
  });
  test("deals a group of two classes as a whole", () => {
    const images = [...cohort(rngOf(3), 20), { group: "mixed", label: "benign" }, { group: "mixed", label: "malignant" }];
    const folds = foldsOf(images, 4, 0);
    assert.is(folds.at(-1), folds.at(-2));
  });
  test("deals images evenly too: groups of 4, 3, 2 and 1 images give 5 and 5", () => {
    const images = [4, 3, 2, 1].flatMap((size, g) => range(size).map(() => ({ group: `case-${g}`, label: "benign" })));
    assert.is(foldsOf(images, 2, 0).filter((fold) => fold === 0).length, 5);
  });
  test("one huge group fills one fold and the others share the rest", () => {
    const images = [
      ...range(50).map(() => ({ group: "huge", label: "benign" })),
      ...range(9).map((g) => ({ group: `g${g}`, label: "benign" })),
    ];
    const folds = foldsOf(images, 2, 0);
    assert.is(folds.filter((fold) => fold === folds[0]).length, 50 + 4);
  });
  test("refuses less than two folds", () => assert.throws(() => foldsOf([], 1, 0), /foldsOf: k must be an integer of at least 2, got 1/));
});

describe("assertNoLeak", (test) => {
  const images = [{ group: "a" }, { group: "b" }, { group: "a" }];
  test("stops a group that lies in two folds, naming both", () =>
    assertUserError(() => assertNoLeak(images, [0, 1, 2]), /group "a" lies in the folds 0 and 2/));
  test("calls folds by their names, where they have any", () =>
    assertUserError(
      () => assertNoLeak(images, [0, 1, 1], ["test", "train"]),
      /group "a" lies in the folds "test" and "train", so training would see what testing asks for/,
    ));
  test("lets whole groups pass", () => assertNoLeak(images, [1, 0, 1]));
  test("refuses folds of another number of images", () =>
    assert.throws(() => assertNoLeak(images, [0]), /a fold for each of 3 images, got 1/));
});

describe("foldsCsv", (test) => {
  test("writes image, group and fold, and stops a leak", async () => {
    const images = [
      { path: "b/x, y.png", group: "p1" },
      { path: "m/z.png", group: "p2" },
    ];
    assert.equal(parseCsv(foldsCsv(images, [1, 0]), "folds.csv"), [
      { image: "b/x, y.png", group: "p1", fold: "1" },
      { image: "m/z.png", group: "p2", fold: "0" },
    ]);
    await assertUserError(() => foldsCsv([images[0], { ...images[1], group: "p1" }], [0, 1]), /lies in the folds/);
  });
});
