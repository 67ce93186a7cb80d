/** @file Bad input of every kind, through the door that people use: one sentence with the file's name each, and all of them in one go. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { zipOf, type Content } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, pngHeader, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { xlsx } from "../../testing/spreadsheet-files.ts";
import { inspectData, loadManifest } from "../load.ts";

const image = (k: number) => greyPng(12, 9, (x, y) => (x * 7 + y * 11 + k * 5) % 256);
const png = { a: await image(1), b: await image(2), c: await image(3), d: await image(4) };
const cut = png.a.subarray(0, 70);
const huge = pngHeader(60_000, 60_000);
const small = await greyPng(5, 5, () => 255);

/** Calls `body` with a folder that holds `content` and an empty cache. */
const withSet = (content: Content, body: (root: string, options: { cache: string }) => Promise<void>): Promise<void> =>
  withFolder(async (home) => {
    await writeFiles(join(home, "set"), content);
    await body(join(home, "set"), { cache: join(home, "cache") });
  });

/** The errors of a data set, in the order in which people see them. */
const errorsOf = async (root: string, options: { cache: string }): Promise<string[]> =>
  (await inspectData(root, options)).problems.filter(({ level }) => level === "error").map(({ message }) => message);

/** One sentence: no line break, and no full stop within it but in names and numbers. */
const isSentence = (message: string): boolean => !/[\n]|\. /.test(message);

const busBraTable = "ID,Case,Pathology\nbus_0001-l,1,benign\nbus_0002-l,2,malignant\n";
const busBra = {
  "bus_data.csv": busBraTable,
  "Images/bus_0001-l.png": png.a,
  "Images/bus_0002-l.png": png.b,
  "Masks/mask_0001-l.png": png.c,
  "Masks/mask_0002-l.png": png.d,
};
const folder = { "benign/a.png": png.a, "benign/b.png": png.b, "malignant/c.png": png.c, "malignant/d.png": png.d };

describe("inspectData", (test) => {
  const listed: [string, Content, RegExp][] = [
    ["a PNG that is cut short", { ...folder, "benign/a.png": cut }, /^benign\/a\.png: .*(damaged or cut short|that can be read)/],
    ["a PNG whose header claims 60,000 × 60,000 pixels", { ...folder, "benign/a.png": huge }, /^benign\/a\.png: .*60000 × 60000/],
    ["an empty file", { ...folder, "benign/a.png": "" }, /^benign\/a\.png: the file is empty/],
    ["one id twice", { ...folder, "benign/a.tiff": png.d }, /^benign\/a: this id is there 2 times \(benign\/a\.png, benign\/a\.tiff\)/],
    [
      "one id twice in a table",
      { ...busBra, "bus_data.csv": `${busBraTable}bus_0001-l,1,benign\n` },
      /^bus_0001-l: this id is there 2 times/,
    ],
    [
      "a label in another case",
      { ...busBra, "bus_data.csv": busBraTable.replace("malignant", "Malignant") },
      /^bus_data\.csv: bus_0002-l has Pathology "Malignant"/,
    ],
  ];
  for (const [what, content, pattern] of listed)
    test(`names ${what}, and keeps the images that can be read`, () =>
      withSet(content, async (root, options) => {
        const { manifest } = await inspectData(root, options);
        assert.ok(manifest.images.length > 0);
        const errors = await errorsOf(root, options);
        assert.is(errors.length, 1, errors.join("\n"));
        assert.match(errors[0], pattern);
        assert.ok(isSentence(errors[0]), errors[0]);
        await assertUserError(() => loadManifest(root, options), pattern);
      }));
  const refused: [string, Content, RegExp][] = [
    [
      "a table with a missing column",
      { ...busBra, "bus_data.csv": "ID,Pathology\nbus_0001-l,benign\n" },
      /^bus_data\.csv: has no column "Case"/,
    ],
    ["a table with an open quote", { ...busBra, "bus_data.csv": 'ID,Case,Pathology\n"bus_0001-l,1,benign\n' }, /^bus_data\.csv: /],
    [
      "a table whose labels are all in another case",
      { ...busBra, "bus_data.csv": busBraTable.replace("malignant", "Malignant").replace("benign", "Benign") },
      /^bus_data\.csv: bus_0001-l has Pathology "Benign".*\(and 1 more: /,
    ],
    [
      "a spreadsheet that lacks a column",
      {
        "case001.png": png.a,
        "BrEaST-clinical.xlsx": xlsx({
          data: [
            ["CaseID", "Image_filename"],
            [1, "case001.png"],
          ],
          notes: [],
        }),
      },
      /^BrEaST-clinical\.xlsx: the sheet "data" has no column "Mask_tumor_filename"/,
    ],
    [
      "a spreadsheet that is none",
      { "case001.png": png.a, "BrEaST-clinical.xlsx": "CaseID" },
      /^BrEaST-clinical\.xlsx: the archive cannot be read/,
    ],
  ];
  for (const [what, content, pattern] of refused)
    test(`refuses ${what}`, () => withSet(content, (root, options) => assertUserError(() => inspectData(root, options), pattern)));
  test("reads a spreadsheet with an extra sheet", () =>
    withSet(
      {
        "case001.png": png.a,
        "BrEaST-clinical.xlsx": xlsx({
          "extra sheet": [["CaseID", "what it means"]],
          data: [
            ["CaseID", "Image_filename", "Mask_tumor_filename", "Pixel_size", "Classification"],
            [1, "case001.png", null, 0.008, "normal"],
          ],
        }),
      },
      async (root, options) => {
        const { manifest, problems } = await inspectData(root, options);
        assert.equal(problems, []);
        assert.is(manifest.images[0].label, "normal");
      },
    ));
  test("refuses an archive with an entry that leads out, one that is cut short, and a bomb", () =>
    withSet({}, async (root, options) => {
      const archive = `${root}.zip`;
      const cases: [Uint8Array, RegExp][] = [
        [zipOf({ ...folder, "../evil.png": png.a }), /set\.zip: the archive cannot be read \(.*\.\.\/evil\.png\)/],
        [zipOf(folder).subarray(0, 300), /set\.zip: the archive cannot be read/],
      ];
      for (const [bytes, pattern] of cases) {
        await writeFile(archive, bytes);
        await assertUserError(() => inspectData(archive, options), pattern);
      }
      await writeFile(archive, zipSync({ ...folder, "benign/bomb.png": new Uint8Array(17e6) }));
      assert.match((await errorsOf(archive, options)).join("\n"), /set\.zip: "benign\/bomb\.png" would unpack from \d+ to 17000000 bytes/);
    }));
  test("names a file that may not be read", () =>
    withSet(folder, async (root, options) => {
      await chmod(join(root, "benign/a.png"), 0);
      const errors = await errorsOf(root, options);
      // root may read everything, so the sentence is tested where the system refuses
      if (process.getuid?.() === 0) assert.equal(errors, []);
      else assert.match(errors.join("\n"), /^benign\/a\.png: the file cannot be read \(EACCES\); check its permissions/);
    }));
  test("lists all of them in one go", () =>
    withSet(
      {
        "manifest.csv": [
          "path,label,group,mask",
          "cut.png,benign,g1,",
          "huge.png,benign,g2,",
          "empty.png,malignant,g3,",
          "a.png,benign,g4,small.png",
          "b.png,Benign,g5,",
          "gone.png,benign,g6,",
          "../out.png,benign,g7,",
          "c.png,malignant,,",
          "d.png,malignant,g8,",
        ].join("\n"),
        "cut.png": cut,
        "huge.png": huge,
        "empty.png": "",
        "a.png": png.a,
        "b.png": png.b,
        "c.png": png.c,
        "d.png": png.d,
        "small.png": small,
      },
      async (root, options) => {
        const { manifest, problems } = await inspectData(root, options);
        assert.equal(
          manifest.images.map(({ id }) => id),
          ["b", "d"],
        );
        const starts = problems.map(({ message }) => message);
        const expected = [
          /^cut\.png: /,
          /^empty\.png: the file is empty/,
          /^gone\.png: no such file, but manifest\.csv lists it/,
          /^huge\.png: the image has 60000 × 60000/,
          /^manifest\.csv: "\.\.\/out\.png": this path leads out of/,
          /^manifest\.csv: c\.png has an empty group/,
          /^manifest\.csv: one label is written "benign" .* and "Benign" /,
          /^small\.png: the mask has 5 × 5 pixels but its image a\.png has 12 × 9/,
        ];
        assert.is(starts.length, expected.length, starts.join("\n"));
        expected.forEach((pattern, i) => assert.match(starts[i], pattern));
        for (const message of starts) assert.ok(isSentence(message), message);
      },
    ));
});
