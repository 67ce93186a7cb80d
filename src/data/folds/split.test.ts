import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { parseConfig } from "../../config/parse.ts";
import { splitSchema } from "../../config/split.ts";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { range, rngOf, shuffle } from "../../util/rng.ts";
import { foldsFromCsv } from "./file.ts";
import { splitOf } from "./split.ts";
import { assertNoLeak, foldsCsv, foldsOf } from "./folds.ts";

/** 30 patients of 1–3 images at three sites, with a published split. */
const images = range(30).flatMap((p) =>
  range(1 + (p % 3)).map((i) => ({
    path: `images/${p}, ${i}.png`,
    group: `p${p}`,
    label: ["benign", "malignant", "normal"][p % 3],
    site: `site-${p % 4}`,
    official: { "2-fold": String(p % 2) },
  })),
);

describe("foldsFromCsv", (test) => {
  const read = (text: string, of = images) => foldsFromCsv(text, "folds.csv", of);
  const two = [
    { path: "a.png", group: "p1" },
    { path: "b.png", group: "p2" },
  ];
  const refused = (rows: string, pattern: RegExp, of = two) =>
    assertUserError(() => foldsFromCsv(`image,group,fold\n${rows}`, "f.csv", of), pattern);

  test("reads what foldsCsv wrote, in any order of rows and images, 20 seeds", () => {
    for (const seed of range(20)) {
      const folds = foldsOf(images, 3, seed);
      const [header, ...rows] = foldsCsv(images, folds).trim().split("\n");
      const order = shuffle(range(images.length), rngOf(seed, "order"));
      const text = [header, ...shuffle(rows, rngOf(seed, "rows"))].join("\n");
      assert.equal(
        [
          ...foldsFromCsv(
            text,
            "folds.csv",
            order.map((i) => images[i]),
          ),
        ],
        order.map((i) => folds[i]),
      );
    }
  });
  test("reads a table without groups, from a spreadsheet: byte order mark and semicolons", () =>
    assert.equal([...read("\ufefffold;image\r\n1;a.png\r\n0;b.png\r\n", two as typeof images)], [1, 0]));
  test("names an image without a row", () => refused("a.png,p1,0", /^f\.csv: the image "b\.png" has no row; add it/));
  test("names a row without an image", () =>
    refused("a.png,p1,0\nb.png,p2,1\nc.jpeg/x,p2,1", /^f\.csv: the image "c\.jpeg\/x" is not in the data; paths are relative/));
  test("guesses what a mistyped path meant", () => refused("a.pgn,p1,0", /"a\.pgn" is not in the data; did you mean "a\.png"\?/));
  test("refuses an image that is there twice", () =>
    refused("a.png,p1,0\na.png,p1,1", /^f\.csv: the image "a\.png" is there twice; keep one/));
  test("refuses groups that the data do not have", () =>
    refused("a.png,p1,0\nb.png,p9,1", /^f\.csv: the image "b\.png" is of group "p9" there, but of "p2" in the data; deal the folds anew/));
  for (const fold of ["1.5", "-1", "", "two", "1e3"])
    test(`refuses the fold "${fold}"`, () =>
      refused(
        `a.png,p1,${fold}\nb.png,p2,1`,
        new RegExp(`^f\\.csv: the image "a\\.png" has the fold "${fold}"; folds are the integers from 0`),
      ));
  test("refuses a gap, and a single fold", async () => {
    await refused("a.png,p1,0\nb.png,p2,2", /^f\.csv: no image is in fold 1, but some are in fold 2; number the folds/);
    await refused("a.png,p1,0\nb.png,p2,0", /^f\.csv: every image is in fold 0/);
  });
  test("refuses a ragged row and a missing column", async () => {
    await refused("a.png,p1", /^f\.csv: /);
    await assertUserError(() => read("image,group\na.png,p1"), /folds\.csv: has no column "fold"/);
  });
  test("stops a table that cuts a group, whatever its group column says", async () => {
    const same = two.map(({ path }) => ({ path, group: "p1" }));
    await refused("a.png,p1,0\nb.png,p1,1", /group "p1" lies in the folds 0 and 1/, same);
    await assertUserError(() => foldsFromCsv("image,fold\na.png,0\nb.png,1", "f.csv", same), /group "p1" lies in the folds 0 and 1/);
  });
});

describe("splitOf", (test) => {
  test("splits by every kind, without a leak and without an empty fold", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sonomark-split-"));
    try {
      const path = join(folder, "folds.csv");
      writeFileSync(path, foldsCsv(images, foldsOf(images, 4, 9)));
      for (const [input, count] of [
        [{ name: "grouped" }, 5],
        [{ name: "grouped", repeat: 3 }, 5],
        [{ name: "official", of: "2-fold" }, 2],
        [{ name: "site" }, 4],
        [{ name: "file", path }, 4],
      ] as const) {
        const { folds, names } = await splitOf(images, parseConfig(splitSchema, input, "split"), { folds: 5, seed: 0 });
        assertNoLeak(images, folds);
        assert.is(names.length, count);
        assert.equal(new Set(folds), new Set(range(count)));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test("gives today's folds for a grouped split", async () => {
    const { folds } = await splitOf(images, splitSchema.parse({ name: "grouped" }), { folds: 3, seed: 7 });
    assert.equal([...folds], [...foldsOf(images, 3, 7)]);
  });
  test("says so where there are fewer groups than folds, and where the table is not there", async () => {
    await assertUserError(
      () => splitOf(images.slice(0, 3), { name: "grouped", repeat: 0 }, { folds: 5, seed: 0 }),
      /2 groups, fewer than the 5 folds/,
    );
    await assertUserError(
      () => splitOf(images, { name: "file", path: "no/such.csv" }, { folds: 5, seed: 0 }),
      /^no\/such\.csv: .*\(ENOENT\)/,
    );
  });
  test("has a schema that refuses unknown names and keys", async () => {
    await assertUserError(() => parseConfig(splitSchema, { name: "random" }, "split"), /name/);
    await assertUserError(() => parseConfig(splitSchema, { name: "site", folds: 3 }, "split"), /unknown key "folds"/);
  });
});
