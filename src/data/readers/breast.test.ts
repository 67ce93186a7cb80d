import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { inBothForms, zipOf, type Content } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { withFolder, writeFiles } from "../../testing/picture-files.ts";
import { xlsx } from "../../testing/spreadsheet-files.ts";
import { openFolder } from "../files/folder-files.ts";
import { inspectData } from "../load.ts";
import { openPictures } from "../pictures.ts";
import { breast } from "./breast.ts";

/** An RGBA PNG of 8 × 6 pixels, as all files of the set are. */
const rgba = (pixel: (x: number, y: number) => readonly number[]) =>
  sharp(Uint8Array.from(Array.from({ length: 48 }, (_, i) => pixel(i % 8, Math.floor(i / 8))).flat()), {
    raw: { width: 8, height: 6, channels: 4 },
  })
    .png()
    .toBuffer();
const image = (k: number) => rgba((x, y) => [...Array<number>(3).fill(x * 20 + y + k), 255]);
const colour = [90, 90, 90, 255];
const blank = [0, 0, 0, 0];
const square = (left: number) => rgba((x, y) => (x >= left && x < left + 3 && y >= 2 && y < 4 ? colour : blank));

const header = [
  ...["CaseID", "Image_filename", "Mask_tumor_filename", "Mask_other_filename", "Pixel_size", "Age", "Tissue_composition", "Signs"],
  ...["Symptoms", "Shape", "Margin", "Echogenicity", "Posterior_features", "Halo", "Calcifications", "Skin_thickening"],
  ...["Interpretation", "BIRADS", "Verification", "Diagnosis", "Classification"],
];
type Cells = Readonly<Record<string, string | number | null>>;
const case1: Cells = {
  CaseID: 1,
  Image_filename: "case001.png",
  Mask_tumor_filename: "case001_tumor.png",
  Mask_other_filename: "case001_other1.png",
  Pixel_size: 0.007,
  Age: 57,
  Signs: "breast scar",
  Shape: "irregular",
  Margin: "not circumscribed - spiculated&indistinct",
  Halo: "no",
  BIRADS: 4,
  Diagnosis: "not available",
  Classification: "benign",
};
const case2: Cells = {
  ...case1,
  CaseID: 2,
  Image_filename: "case002.png",
  Mask_tumor_filename: "case002_tumor1.png&case002_tumor2.png",
  Mask_other_filename: null,
  Pixel_size: "not available",
  BIRADS: "4b",
  Classification: "malignant",
};
const case45: Cells = {
  CaseID: 45,
  Image_filename: "case045.png",
  Pixel_size: 0.0123,
  Shape: "not applicable",
  BIRADS: 1,
  Classification: "normal",
};
const book = (...cases: Cells[]) => {
  const rows = cases.map((cells) => header.map((column) => cells[column] ?? null));
  return xlsx({
    "data dictionary": [
      ["Field", "Meaning"],
      ["CaseID", "number"],
    ],
    "BrEaST-Lesions-USG clinical dat": [header, ...rows],
  });
};

const folder = "BrEaST-Lesions_USG-images_and_masks";
const tableName = "BrEaST-Lesions-USG-clinical-data-Dec-15-2023.xlsx";
const pictures: Content = {
  [`${folder}/case001.png`]: await image(1),
  [`${folder}/case001_tumor.png`]: await square(1),
  [`${folder}/case001_other1.png`]: await square(5),
  [`${folder}/case002.png`]: await image(2),
  [`${folder}/case002_tumor1.png`]: await square(0),
  [`${folder}/case002_tumor2.png`]: await square(4),
  [`${folder}/case045.png`]: await image(3),
};
const table = book(case1, case2, case45);

/** What is wrong with a set of these cases. */
const problemsOf = (cases: Cells[], files: Content = pictures): Promise<string[]> =>
  withFolder(async (root) => {
    await writeFiles(root, { ...files, [tableName]: book(...cases) });
    return (await breast.read(openFolder(root))).problems.map(({ level, message }) => `${level} ${message}`);
  });

describe("breast", (test) => {
  test("reads cases with descriptors and spacing, and leaves the patient's data and other findings out", () =>
    inBothForms({ ...pictures, [tableName]: table }, async (path) => {
      const { manifest, problems } = await inspectData(path, { cache: join(path, "../cache") });
      assert.equal(problems, []);
      assert.is(manifest.reader, "breast");
      const { sha256: _, maskHashes: __, width, height, ...listed } = manifest.images[0];
      assert.equal([width, height], [8, 6]);
      assert.equal(listed, {
        id: "case001",
        path: `${folder}/case001.png`,
        label: "benign",
        group: "case-1",
        masks: [`${folder}/case001_tumor.png`],
        patient: "case-1",
        spacing: [0.07, 0.07],
        annotations: {
          Shape: "irregular",
          Margin: "not circumscribed - spiculated&indistinct",
          Halo: "no",
          BIRADS: "4",
          Diagnosis: "not available",
        },
      });
      assert.equal(
        manifest.images.map(({ label, masks, spacing }) => [label, masks.length, spacing?.[0]]),
        [
          ["benign", 1, 0.07],
          ["malignant", 2, undefined],
          ["normal", 0, 0.123],
        ],
      );
    }));
  test("reads the download as it is: the archive of images beside the spreadsheet", () =>
    withFolder(async (root) => {
      const archive = "BrEaST-Lesions_USG-images_and_masks-Dec-15-2023.zip";
      await writeFiles(join(root, "set"), { [archive]: zipOf(pictures), [tableName]: table });
      const { manifest, problems } = await inspectData(join(root, "set"), { cache: join(root, "cache") });
      assert.equal(problems, []);
      assert.is(manifest.images[1].path, `${archive}/${folder}/case002.png`);
      const drawn = await openPictures(manifest);
      const { image: grey, mask } = await drawn.read(manifest.images[1]);
      await drawn.close();
      assert.equal([...grey.pixels.subarray(0, 3)], [2, 22, 42]);
      // two lesions, three by two pixels each, in a grey that is no white
      assert.is(
        mask!.pixels.reduce((sum, value) => sum + value, 0),
        12,
      );
    }));
  const bad: [string, Cells, RegExp][] = [
    [
      "a label in another case",
      { ...case1, Classification: "Benign" },
      /^error BrEaST.*xlsx: case001\.png has the Classification "Benign"/,
    ],
    ["a case without a number", { ...case1, CaseID: null }, /^error .*case001\.png has no CaseID/],
    ["a name that leads out", { ...case1, Image_filename: "../case001.png" }, /the Image_filename "\.\.\/case001\.png" does not look like/],
    ["an image that is not there", { ...case1, Image_filename: "case009.png" }, /^error case009\.png: no such file, but BrEaST/],
    ["a mask that is not there", { ...case1, Mask_tumor_filename: "case009_tumor.png" }, /^error case009_tumor\.png: no such file/],
    ["a lesion without a mask", { ...case1, Mask_tumor_filename: null }, /case001\.png is benign but has no Mask_tumor_filename/],
    ["a pixel size in another unit", { ...case1, Pixel_size: 0.07 }, /^warning .*case001\.png has the Pixel_size "0\.07"/],
  ];
  for (const [what, row, pattern] of bad)
    test(`names ${what}`, async () =>
      assert.match((await problemsOf([row, case2, case45])).find((each) => pattern.test(each)) ?? "", pattern));
  test("warns of images that the spreadsheet does not list", async () =>
    assert.equal(await problemsOf([case1, case45]), [
      `warning ${folder}/case002.png: has no row in ${tableName}, so it is left out; add its row`,
    ]));
  test("refuses to choose between two pictures of one name", async () =>
    assert.match(
      (await problemsOf([case1, case2, case45], { ...pictures, "copy/case045.png": await image(9) })).join("\n"),
      /case045\.png: lies at .* too/,
    ));
  test("takes the spreadsheet that is named as published, and not the lock file of a program that has it open", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...pictures, [tableName]: table, "a.xlsx": "", [`~$${tableName}`]: "" });
      assert.is((await breast.read(openFolder(root))).images.length, 3);
    }));
  test("refuses a spreadsheet without the column of masks, naming the sheet, and a folder without a spreadsheet", () =>
    withFolder(async (root) => {
      await writeFiles(root, pictures);
      await assertUserError(() => breast.read(openFolder(root)), /has no \.xlsx, where BrEaST keeps its classes/);
      await writeFile(join(root, tableName), xlsx({ notes: [], clinical: [header.filter((column) => column !== "Mask_tumor_filename")] }));
      await assertUserError(() => breast.read(openFolder(root)), /\.xlsx: the sheet "clinical" has no column "Mask_tumor_filename"/);
    }));
});
