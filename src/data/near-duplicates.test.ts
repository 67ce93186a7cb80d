import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { withFolder, writeFiles } from "../testing/picture-files.ts";
import { specklePng } from "../testing/speckle.ts";
import { range } from "../util/rng.ts";
import { inspectData } from "./load.ts";
import type { Problem } from "./manifest.ts";
import { joinable } from "./near-duplicates.ts";

/** Four images: benign/c is a crop of benign/a, at another scale and gain. */
async function withCopies(body: (root: string, cache: string) => Promise<void>): Promise<void> {
  const [a, b, d] = await Promise.all([specklePng(1), specklePng(2), specklePng(3)]);
  const c = await sharp(a).extract({ left: 12, top: 8, width: 170, height: 140 }).resize(221, 182).linear(0.8, 10).png().toBuffer();
  await withFolder(async (home) => {
    const root = join(home, "data");
    await writeFiles(root, { "benign/a.png": a, "benign/b.png": b, "benign/c.png": c, "malignant/d.png": d });
    await body(root, join(home, "cache"));
  });
}

describe("inspectData, with near-duplicates", (test) => {
  test("joins a crop with its original, says how sure it is, and remembers the pair", () =>
    withCopies(async (root, cache) => {
      const { manifest, pairs } = await inspectData(root, { duplicates: "near", cache });
      assert.equal(
        manifest.images.map(({ id, group }) => `${id} ${group}`),
        ["benign/a benign/a", "benign/b benign/b", "benign/c benign/a", "malignant/d malignant/d"],
      );
      assert.equal(
        pairs.map(({ a, b }) => [a, b]),
        [["benign/a.png", "benign/c.png"]],
      );
      assert.ok(pairs[0].confidence > 0.9, `confidence ${pairs[0].confidence}`);
      const [memory] = await readdir(join(cache, "duplicates"));
      await writeFile(join(cache, "duplicates", memory), "[]");
      assert.is((await inspectData(root, { duplicates: "near", cache })).pairs.length, 0, "the memory was not read");
      await writeFile(join(cache, "duplicates", memory), "damaged");
      assert.is((await inspectData(root, { duplicates: "near", cache })).pairs.length, 1, "a damaged memory was believed");
    }));
  test("leaves equal pixels as the only link where that is asked for, and says so", () =>
    withCopies(async (root, cache) => {
      const { manifest, pairs } = await inspectData(root, { duplicates: "exact", cache });
      assert.is(new Set(manifest.images.map(({ group }) => group)).size, 4);
      assert.is(pairs.length, 0);
      assert.match(manifest.note, /Near-duplicates were not looked for/);
    }));
  test("lets a table of groups decide, and tells where it parts what looks like one picture", () =>
    withCopies(async (root, cache) => {
      const groups = join(root, "../groups.csv");
      await writeFile(groups, "image,group\nbenign/a.png,p1\nbenign/b.png,p1\nbenign/c.png,p2\nmalignant/d.png,p3\n");
      const { manifest, problems } = await inspectData(root, { duplicates: "near", groups, cache });
      assert.equal(
        manifest.images.map(({ group }) => group),
        ["p1", "p1", "p2", "p3"],
      );
      assert.match(
        problems.map(({ message }) => message).join("\n"),
        /groups\.csv: benign\/a\.png and benign\/c\.png look like one picture/,
      );
    }));
  test("warns of one picture in two classes, and leaves it out of a study of both", () =>
    withCopies(async (root, cache) => {
      await writeFiles(root, {
        "malignant/e.png": await sharp(await specklePng(2))
          .linear(0.9, 5)
          .png()
          .toBuffer(),
      });
      const { manifest, problems } = await inspectData(root, { duplicates: "near", classes: ["benign", "malignant"], cache });
      assert.match(problems[0].message, /^benign\/b\.png is benign and malignant\/e\.png is malignant, .* as they show one picture/);
      assert.is(problems[0].level, "warning");
      assert.equal(
        manifest.images.map(({ id }) => id),
        ["benign/a", "benign/c", "malignant/d"],
      );
    }));
});

describe("joinable", (test) => {
  const images = range(40).map((i) => ({ path: `${i}.png`, patient: `patient ${i}` }));
  const pair = (a: number, b: number) => ({ a, b, score: 0.9, confidence: 1 });
  const joined = (pairs: ReturnType<typeof pair>[], of: readonly { path: string; patient?: string }[] = images) => {
    const problems: Problem[] = [];
    return { pairs: joinable(of, pairs, problems), problems };
  };
  test("joins the few copies that lie under two patients", () => {
    const few = [pair(0, 1), pair(2, 3)];
    assert.equal(joined(few), { pairs: few, problems: [] });
  });
  test("believes the data set where many patients would be joined, and says so", () => {
    const { pairs, problems } = joined(range(10).map((i) => pair(2 * i, 2 * i + 1)));
    assert.equal(pairs, []);
    assert.match(
      problems[0].message,
      /^10 pairs of images of different patients look alike, such as 0\.png and 1\.png: with 20 of 40 patients/,
    );
  });
  test("joins whatever looks alike where no patients are known", () => {
    const many = range(10).map((i) => pair(2 * i, 2 * i + 1));
    const unknown = images.map(({ path }) => ({ path }));
    assert.equal(joined(many, unknown).pairs, many);
  });
});
