import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { inBothForms, zipOf, type Content } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { openFolder } from "../files/folder-files.ts";
import { inspectData } from "../load.ts";
import { hc18 } from "./hc18.ts";

const head = (k: number) => greyPng(10, 7, (x, y) => x * 20 + y + k);
const trainingTable = "training_set_pixel_size_and_HC.csv";
const testTable = "test_set_pixel_size.csv";
/** Rows as published: the second image of an examination stands first. */
const tables = {
  [trainingTable]:
    "filename,pixel size(mm),head circumference (mm)\n000_HC.png,0.069135804,44.3\n010_2HC.png,0.079927246,72.87\n010_HC.png,0.079935165,71.91\n",
  [testTable]: "filename,pixel size(mm)\n000_HC.png,0.23585714\n",
};
const training: Content = {
  "training_set/000_HC.png": await head(1),
  "training_set/000_HC_Annotation.png": await head(20),
  "training_set/010_2HC.png": await head(2),
  "training_set/010_2HC_Annotation.png": await head(21),
  "training_set/010_HC.png": await head(3),
  "training_set/010_HC_Annotation.png": await head(22),
};
const testing: Content = { "test_set/000_HC.png": await head(4) };
const dataset: Content = { ...tables, ...training, ...testing };

const problemsOf = (change: Content): Promise<string[]> =>
  withFolder(async (root) => {
    await writeFiles(root, { ...dataset, ...change });
    return (await hc18.read(openFolder(root))).problems.map(({ level, message }) => `${level} ${message}`);
  });

describe("hc18", (test) => {
  test("groups by examination within each part, and keeps spacing and circumference", () =>
    inBothForms(dataset, async (path) => {
      const { manifest, problems } = await inspectData(path, { cache: join(path, "../cache") });
      assert.equal(problems, []);
      assert.is(manifest.reader, "hc18");
      const { sha256: _, maskHashes: __, ...listed } = manifest.images[2];
      assert.equal(listed, {
        id: "training_set/010_2HC",
        path: "training_set/010_2HC.png",
        label: "unlabelled",
        group: "training_set/010",
        masks: [],
        spacing: [0.079927246, 0.079927246],
        annotations: { "head circumference (mm)": "72.87" },
        official: { split: "train" },
        width: 10,
        height: 7,
      });
      assert.equal(
        manifest.images.map(({ id, group, official }) => `${id} ${group} ${official?.split}`),
        [
          "test_set/000_HC test_set/000 test",
          "training_set/000_HC training_set/000 train",
          "training_set/010_2HC training_set/010 train",
          "training_set/010_HC training_set/010 train",
        ],
      );
      assert.match(manifest.note, /a group is an examination/);
    }));
  test("reads the download as it is: two archives beside two tables", () =>
    withFolder(async (root) => {
      const set = join(root, "set");
      await writeFiles(set, { ...tables, "training_set.zip": zipOf(training), "test_set.zip": zipOf(testing) });
      const { manifest, problems } = await inspectData(set, { cache: join(root, "cache") });
      assert.equal(problems, []);
      assert.is(manifest.images.length, 4);
      assert.is(manifest.images[1].path, "training_set.zip/training_set/000_HC.png");
      assert.is(manifest.images[1].id, "training_set/000_HC");
    }));
  test("reads one part without the other", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...tables, ...training });
      const { images, problems } = await hc18.read(openFolder(root));
      assert.is(images.length, 3);
      assert.equal(problems, []);
    }));
  const line = (row: string) => ({ [testTable]: `filename,pixel size(mm)\n000_HC.png,0.2\n${row}\n` });
  const bad: [string, Content, RegExp][] = [
    [
      "an image that is not there",
      line("001_HC.png,0.2"),
      /^error test_set\/001_HC\.png: no such file, but test_set_pixel_size\.csv lists it/,
    ],
    [
      "a pixel size that is no number",
      { [testTable]: 'filename,pixel size(mm)\n000_HC.png,"0,2"\n' },
      /^error test_set_pixel_size\.csv: 000_HC\.png has the pixel size\(mm\) "0,2"/,
    ],
    ["a name that leads out", line("../000_HC.png,0.2"), /the filename "\.\.\/000_HC\.png" does not look like 000_HC\.png/],
    [
      "an image without a row",
      { "test_set/009_HC.png": testing["test_set/000_HC.png"] },
      /^warning test_set\/009_HC\.png: has no row in test_set_pixel_size\.csv/,
    ],
  ];
  for (const [what, change, pattern] of bad)
    test(`names ${what}`, async () => assert.match((await problemsOf(change)).join("\n"), pattern));
  test("names a table that is not there", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...training, ...testing, [testTable]: tables[testTable] });
      const { images, problems } = await hc18.read(openFolder(root));
      assert.is(images.length, 1);
      assert.match(problems[0].message, /^training_set_pixel_size_and_HC\.csv: no such file, so the pixel sizes of 3 images/);
    }));
  test("refuses the first release, whose numbers count images", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...dataset, [trainingTable]: "filename,pixel size,head circumference (mm)\n1_HC.png,0.07,44.3\n" });
      await assertUserError(
        () => hc18.read(openFolder(root)),
        /HC\.csv: is of the first release of HC18, .*doi:10\.5281\/zenodo\.1327317$/,
      );
    }));
});
