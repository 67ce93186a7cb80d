/** @file Tests of the biomarker table: what it counts, and how often it finds something where there is nothing. */
import * as assert from "uvu/assert";
import { zoneNames, type ZoneName } from "../src/image/zones.ts";
import { assertClose } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { assertTypeOne } from "../src/testing/type-one.ts";
import { range, rngOf, type Rng } from "../src/util/rng.ts";
import { biomarkerTable, groupValues, type ZoneObservation } from "./biomarker-table.ts";

const OPTIONS = { permutations: 199, bootstraps: 100, alpha: 0.05, seed: 1 };

/** Positive numbers that sum to 1, around `means`. */
function composition(rng: Rng, means: readonly number[], spread: number): number[] {
  const raw = means.map((value) => value * Math.exp(spread * rng.normal()));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / total);
}

/** A number by zone. */
const byZone = (numbers: Partial<Record<ZoneName, number>>, others: number): number[] => zoneNames.map((zone) => numbers[zone] ?? others);
const even = byZone({}, 1 / zoneNames.length);

/** Groups of 1–3 images with a habit in common; areas and shares do not depend on the class unless `shift` changes them. */
function observations(
  seed: number,
  groups: number,
  shift: (label: number) => { areas: number[]; liking: number[] } = () => ({ areas: byZone({ elsewhere: 4 }, 1), liking: byZone({}, 1) }),
): ZoneObservation[] {
  const rng = rngOf(seed, "observations");
  return range(groups).flatMap((group) => {
    const label = group % 2;
    const { areas: mean, liking } = shift(label);
    const habit = composition(rng, byZone({}, 1), 0.4);
    return range(1 + (group % 3)).map(() => {
      const areas = composition(rng, mean, 0.2);
      const shares = composition(
        rng,
        areas.map((area, z) => area * habit[z] * liking[z]),
        0.2,
      );
      return { group, label, areas, shares };
    });
  });
}
const tableOf = (images: readonly ZoneObservation[], options = OPTIONS) => biomarkerTable([{ method: "m", observations: images }], options);

describe("groupValues", (test) => {
  const image = (group: string, label: number, shares: number[], areas: number[]): ZoneObservation => ({ group, label, shares, areas });

  test("averages the images of a group, and takes the density from the averages", () => {
    const two = (lesion: number, behind: number) => byZone({ lesion, behind }, 0);
    const [group] = groupValues([image("a", 1, two(0.2, 0.8), two(0.1, 0.9)), image("a", 1, two(0.6, 0.4), two(0.3, 0.7))]);
    assertClose(group.shares, two(0.4, 0.6), { atol: 1e-12 });
    assertClose(group.densities, byZone({ lesion: 0.4 / 0.2, behind: 0.6 / 0.8 }, NaN), { atol: 1e-12 });
  });

  test("leaves a group with images of both classes out", () => {
    assert.equal(
      groupValues([image("a", 1, even, even), image("b", 0, even, even), image("a", 0, even, even)]).map(({ label }) => label),
      [0],
    );
  });
});

describe("biomarkerTable", (test) => {
  test("has two rows a zone and method, corrected together, with effects of -1 … 1", () => {
    const rows = biomarkerTable(
      [
        { method: "a", observations: observations(1, 12) },
        { method: "b", observations: observations(2, 12) },
      ],
      OPTIONS,
    );
    assert.is(rows.length, 4 * zoneNames.length);
    const smallest = rows.reduce((least, row) => (row.p < least.p ? row : least));
    assertClose(smallest.pHolm, Math.min(1, rows.length * smallest.p), { atol: 1e-12 });
    for (const { effect } of rows)
      assert.ok(-1 <= effect.low && effect.low <= effect.estimate && effect.estimate <= effect.high && effect.high <= 1);
  });

  test("finds what was planted, names the zone and its direction", () => {
    const rows = tableOf(
      observations(3, 60, (label) => ({ areas: byZone({ elsewhere: 4 }, 1), liking: byZone({ behind: label === 1 ? 4 : 1 }, 1) })),
      { ...OPTIONS, permutations: 999 },
    );
    for (const row of rows.filter(({ zone }) => zone === "behind")) {
      assert.is(row.verdict, "supported", row.measure);
      assert.ok(row.effect.low > 0.5);
    }
    assert.is(rows.reduce((most, row) => (row.effect.estimate > most.effect.estimate ? row : most)).zone, "behind");
  });

  test("does not call a bigger lesion a biomarker: its share rises, its density does not", () => {
    const rows = range(5).map((seed) =>
      tableOf(
        observations(seed, 60, (label) => ({ areas: byZone({ lesion: label === 1 ? 3 : 1, elsewhere: 4 }, 1), liking: byZone({}, 1) })),
        { ...OPTIONS, permutations: 999 },
      ),
    );
    const lesions = rows.flatMap((table) => table.filter(({ zone }) => zone === "lesion"));
    assert.ok(lesions.filter(({ measure }) => measure === "share").every(({ pHolm }) => pHolm <= 0.05));
    assert.ok(lesions.every(({ verdict }) => verdict !== "supported"));
  });

  test("leaves a zone out that a class has in fewer than two groups", () => {
    const flat = observations(4, 10).map((image) => ({
      ...image,
      areas: byZone({ lesion: 0.5, behind: 0.5 }, 0),
      shares: byZone({ lesion: 0.4, behind: 0.6 }, 0),
    }));
    assert.equal([...new Set(tableOf(flat).map(({ zone }) => zone))], ["lesion", "behind"]);
    assert.equal(tableOf([]), []);
  });

  test("gives p = 1 and no effect to groups that are all alike", () => {
    const alike = observations(5, 10).map((image) => ({ ...image, areas: even, shares: byZone({ lesion: 0.15, behind: 0.05 }, 0.1) }));
    for (const row of tableOf(alike)) assert.equal([row.p, row.effect.estimate, row.verdict], [1, 0, "not supported"]);
  });

  test("gives equal tables for equal seeds, and the same effects for others", () => {
    const images = observations(6, 20);
    assert.equal(tableOf(images), tableOf(images));
    assert.equal(
      tableOf(images, { ...OPTIONS, seed: 2 }).map(({ effect }) => effect.estimate),
      tableOf(images).map(({ effect }) => effect.estimate),
    );
  });
});

describe("biomarkerTable under the null", (test) => {
  // one simulation serves all rates: 300 cohorts of 24 groups in which class and saliency have nothing to do with each other
  const tables = range(300).map((seed) => tableOf(observations(seed, 24), { ...OPTIONS, permutations: 99, bootstraps: 1, seed }));

  for (const [at, name] of zoneNames.flatMap((zone) => [`${zone} share`, `${zone} density`]).entries())
    test(`rejects ${name} at .05 as often as its level says`, () => {
      assertTypeOne(tables.length, (seed) => tables[seed][at].p);
    });

  test("calls any zone supported in at most about 5 of 100 studies", () => {
    assertTypeOne(tables.length, (seed) => (tables[seed].some(({ verdict }) => verdict === "supported") ? 0 : 1), { conservative: true });
    assertTypeOne(tables.length, (seed) => Math.min(...tables[seed].map(({ pHolm }) => pHolm)), { conservative: true });
  });
});
