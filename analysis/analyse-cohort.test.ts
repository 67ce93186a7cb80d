/** @file End-to-end tests of the analysis on phantom cohorts: what is planted is found, and nothing where nothing is. */
import * as assert from "uvu/assert";
import { analysisSchema } from "../src/config/analysis.ts";
import { biomarkersSchema } from "../src/config/biomarkers.ts";
import { describe } from "../src/testing/describe.ts";
import { toCsv } from "../src/util/csv.ts";
import { range } from "../src/util/rng.ts";
import { analyseCohort, HOT_SPOT_COLUMNS, hotSpotRows, spatialRows } from "./analyse-cohort.ts";
import { phantomCohort, type PhantomOptions } from "./testing/phantom-cohort.ts";

const analysis = analysisSchema.parse({ permutations: 499, bootstraps: 100 });
const classes = ["benign", "malignant"] as const;
const analysed = (options: PhantomOptions) => analyseCohort(phantomCohort(options), { classes, analysis, seed: options.seed });

describe("analyseCohort", (test) => {
  for (const zone of ["behind", "outer-rim"] as const)
    test(`names the zone ${zone} where extra mass was planted there in one class`, async () => {
      const { biomarkers } = await analysed({ seed: 1, groups: 40, plant: { zone, strength: 2 } });
      assert.equal(biomarkersSchema.parse(biomarkers), biomarkers);
      const rows = biomarkers.table.filter((row) => row.zone === zone);
      assert.equal(
        rows.map(({ verdict }) => verdict),
        ["supported", "supported"],
      );
      assert.ok(rows.every(({ effect }) => effect.low > 0));
      assert.is(biomarkers.table.reduce((most, row) => (row.effect.estimate > most.effect.estimate ? row : most)).zone, zone);
    });

  test("names no zone in four cohorts in which there is nothing, nor where lesions differ in size only", async () => {
    for (const seed of range(4)) {
      const { biomarkers } = await analysed({ seed, groups: 30, ...(seed % 2 ? { diameters: [7, 12] as const } : {}) });
      assert.equal(
        biomarkers.table.filter(({ verdict }) => verdict === "supported"),
        [],
        `seed ${seed}`,
      );
      assert.ok(biomarkers.spatial[0].hotSpotsNegative < 0.5);
    }
  });

  test("counts groups, tells every image and method, and writes tables with one row each", async () => {
    const cohort = phantomCohort({ seed: 2, groups: 6, plant: { zone: "behind", strength: 8 } });
    const told: number[] = [];
    const { biomarkers, images } = await analyseCohort(cohort, {
      classes,
      analysis,
      seed: 2,
      advance: async (done, total) => void told.push(done / total),
    });
    assert.equal([biomarkers.groupsNegative, biomarkers.groupsPositive], [3, 3]);
    assert.equal([told.length, told.at(-1)], [12, 1]);
    assert.is(toCsv(spatialRows(images, classes)).trim().split("\n").length, 13);
    const spots = hotSpotRows(images, classes);
    assert.ok(spots.length > 0);
    assert.equal(Object.keys(spots[0]), [...HOT_SPOT_COLUMNS]);
  });

  test("says nothing of zones without lesion masks, and still tests the maps", async () => {
    const cohort = phantomCohort({ seed: 3, groups: 6 });
    for (const image of cohort.images) image.lesion = undefined;
    const { biomarkers, images } = await analyseCohort(cohort, { classes, analysis, seed: 3 });
    assert.equal([biomarkers.table.length, biomarkers.groupsPositive], [0, 0]);
    assert.is(biomarkers.spatial[0].images, 12);
    assert.ok(spatialRows(images, classes).every((row) => row.share_lesion === null));
  });
});
