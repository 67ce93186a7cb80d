import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { withFolder, writeFiles } from "../../testing/picture-files.ts";
import { specklePng } from "../../testing/speckle.ts";
import { packageRoot } from "../../util/files.ts";
import { range } from "../../util/rng.ts";

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** `sonomark data …` as a user runs it, in `folder`, with a cache of its own. */
const data = (folder: string, ...args: string[]): Promise<Outcome> =>
  new Promise((done) => {
    const env = { ...process.env, SONOMARK_CACHE: join(folder, "cache") };
    execFile(
      process.execPath,
      [join(packageRoot, "src/cli/sonomark.mjs"), "data", ...args],
      { cwd: folder, env },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const jsonOf = <T>({ stdout }: Outcome): T => JSON.parse(stdout) as T;

/** `set/`: eight speckle images a class; benign/7 is a crop of benign/0. */
async function withSet(body: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    for (const [c, label] of ["benign", "malignant"].entries())
      for (const i of range(8)) await writeFiles(join(folder, "set"), { [`${label}/${i}.png`]: await specklePng(10 * c + i) });
    const copy = await sharp(await specklePng(0))
      .extract({ left: 9, top: 6, width: 170, height: 140 })
      .png()
      .toBuffer();
    await writeFile(join(folder, "set/benign/7.png"), copy);
    await body(folder);
  });
}

describe("sonomark data", (test) => {
  test("groups: writes a table that folds and studies take back", () =>
    withSet(async (folder) => {
      const found = await data(folder, "groups", "set", "--out", "groups.csv", "--json");
      assert.is(found.code, 0, found.stderr);
      const { images, groups, pairs } = jsonOf<{ images: number; groups: number; pairs: { a: string; b: string }[] }>(found);
      assert.equal([images, groups, pairs.map(({ a, b }) => `${a} ${b}`)], [16, 15, ["benign/0.png benign/7.png"]]);
      const table = await readFile(join(folder, "groups.csv"), "utf8");
      assert.match(table, /^image,group\nbenign\/0\.png,benign\/0\n/);
      assert.match(table, /\nbenign\/7\.png,benign\/0\n/);

      await writeFile(join(folder, "groups.csv"), table.replace("benign/1.png,benign/1", "benign/1.png,benign/0"));
      const folds = await data(folder, "folds", "set", "--k", "3", "--groups", "groups.csv", "--out", "folds.csv", "--json");
      assert.is(folds.code, 0, folds.stderr);
      const rows = (await readFile(join(folder, "folds.csv"), "utf8")).trim().split("\n");
      assert.is(rows[0], "image,group,fold");
      const foldOf = (image: string) => rows.find((row) => row.startsWith(`${image},`))!.split(",")[2];
      assert.equal([foldOf("benign/1.png"), foldOf("benign/7.png")], [foldOf("benign/0.png"), foldOf("benign/0.png")]);
      const [counts] = jsonOf<{ folds: { classes: Record<string, number> }[][] }>(folds).folds;
      assert.equal(
        counts.map(({ classes }) => classes.malignant).sort((a, b) => a - b),
        [2, 3, 3],
      );
    }));
  test("folds: repeats deal anew, and a split that is not there is named", () =>
    withSet(async (folder) => {
      const { code } = await data(folder, "folds", "set", "--k", "4", "--repeats", "2", "--out", "folds.csv");
      assert.is(code, 0);
      const rows = (await readFile(join(folder, "folds.csv"), "utf8")).trim().split("\n").slice(1);
      const deal = (repeat: string) => rows.filter((row) => row.endsWith(`,${repeat}`)).map((row) => row.split(",")[2]);
      assert.is(deal("0").length, 16);
      assert.is.not(deal("0").join(), deal("1").join());
      const official = await data(folder, "folds", "set", "--official", "5-fold");
      assert.is(official.code, 1);
      assert.match(official.stderr, /the data have no official split "5-fold": use a grouped split/);
    }));
  test("leakage: exits with 1 where two sets share an image, with 0 where they do not", () =>
    withSet(async (folder) => {
      await writeFiles(join(folder, "other"), { "x/new.png": await specklePng(99), "x/old.png": await specklePng(3) });
      const shared = await data(folder, "leakage", "--data", "other", "--against", "set", "--json");
      assert.is(shared.code, 1, shared.stderr);
      const { pairs } = jsonOf<{ pairs: { image: string; against: string }[] }>(shared);
      assert.equal(
        pairs.map(({ image, against }) => `${image} ${against}`),
        ["x/old.png benign/3.png"],
      );
      await writeFiles(join(folder, "own"), { "x/new.png": await specklePng(99) });
      assert.is((await data(folder, "leakage", "--data", "own", "--against", "set")).code, 0);
    }));
  test("audit: warns where the size of an image tells its class", () =>
    withFolder(async (folder) => {
      for (const [c, label] of ["benign", "malignant"].entries())
        for (const i of range(12))
          await writeFiles(join(folder, "set"), {
            [`${label}/${i}.png`]: await sharp(await specklePng(50 * c + i))
              .resize(120 + 20 * c + (i % 3), 100)
              .png()
              .toBuffer(),
          });
      const { code, stdout } = await data(folder, "audit", "set");
      assert.is(code, 0);
      assert.match(stdout, /width +1\.000/);
      assert.match(stdout, /Metadata alone/);
      assert.not.match(stdout, /No warning/);
    }));
  test("check: exits with 1 and lists every error of the data", () =>
    withSet(async (folder) => {
      await writeFiles(join(folder, "set"), { "benign/1.png": "no image", "malignant/2.png": "neither" });
      const { code, stdout, stderr } = await data(folder, "set");
      assert.is(code, 1);
      assert.match(stdout, /error: benign\/1\.png: .*\n.*error: malignant\/2\.png: /);
      assert.match(stderr, /benign\/1\.png: .*\(and 1 more: `sonomark data check` lists them\)/);
    }));
  test("table: has a row for every reader, and counts what is given", () =>
    withSet(async (folder) => {
      const { stdout } = await data(folder, "table", "set");
      assert.match(stdout, /\| `folder` \| .* \| 16 in set \| benign 8, malignant 8 \| 15 \|/);
      assert.match(stdout, /\| `busi` \| .* \| not measured here \|/);
    }));
});
