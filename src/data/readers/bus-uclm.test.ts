import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { inBothForms, type Content } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { openFolder } from "../files/folder-files.ts";
import { inspectData } from "../load.ts";
import { openPictures } from "../pictures.ts";
import { busUclm } from "./bus-uclm.ts";

type Rgb = readonly [number, number, number];
const [black, green, red]: Rgb[] = [[0, 0, 0], [0, 255, 0], [255, 0, 0]]; // prettier-ignore

/** A mask of 8 × 6 pixels: the colour right of column 4, blended with black there as a drawing program does. */
const mask = (colour: Rgb, height = 6) =>
  sharp(
    Uint8Array.from(
      Array.from({ length: 8 * height }, (_, i) => (i % 8 > 4 ? colour : i % 8 === 4 ? colour.map((v) => v * 0.6) : black)).flat(),
    ),
    { raw: { width: 8, height, channels: 3 } },
  )
    .png()
    .toBuffer();
const image = (k: number) => greyPng(8, 6, (x, y) => x * 20 + y + k);

const header = "\uFEFFImage;Resolution;Label;Doppler;Marks;Combined";
const rows = [
  "ALWI_000.png;856x606;Benign;No;Yes;No",
  "ALWI_001.png;856x606;Normal;No;No;No",
  "CHVI_000.png;856x606;Malignant;Y;No;No",
  "CHVI_020.png;856x606;Benign;No;No;No",
];
const table = (...lines: string[]) => `${[header, ...lines].join("\r\n")}\r\n`;
const pictures: Content = {
  "images/ALWI_000.png": await image(1),
  "images/ALWI_001.png": await image(2),
  "images/CHVI_000.png": await image(3),
  "images/CHVI_020.png": await image(4),
  "masks/ALWI_000.png": await mask(green),
  "masks/ALWI_001.png": await mask(black),
  "masks/CHVI_000.png": await mask(red),
  "masks/CHVI_020.png": await mask(green),
};
const dataset: Content = { "INFO.csv": table(...rows), ...pictures };
/** as the archive of the publisher wraps it */
const wrapped = Object.fromEntries(
  Object.entries(dataset).map(([path, bytes]) => [`BUS-UCLM Breast ultrasound lesion segmentation dataset/BUS-UCLM/${path}`, bytes]),
);

const problemsOf = (line: string): Promise<string> =>
  withFolder(async (root) => {
    await writeFiles(root, { ...dataset, "INFO.csv": table(line, ...rows.slice(1)) });
    return (await busUclm.read(openFolder(root))).problems.map(({ message }) => message).join("\n");
  });

describe("busUclm", (test) => {
  test("reads class, patient and flags, and takes both colours of the masks for lesion", () =>
    inBothForms(wrapped, async (path) => {
      const { manifest, problems } = await inspectData(path, { cache: join(path, "../cache") });
      assert.is(manifest.reader, "bus-uclm");
      assert.equal(
        problems.filter(({ level }) => level === "error"),
        [],
      );
      const { sha256: _, maskHashes: __, ...listed } = manifest.images[2];
      assert.equal(listed, {
        id: "CHVI_000",
        path: "images/CHVI_000.png",
        label: "malignant",
        group: "CHVI",
        masks: ["masks/CHVI_000.png"],
        patient: "CHVI",
        annotations: { Doppler: "Y", Marks: "No", Combined: "No" },
        width: 8,
        height: 6,
      });
      assert.equal(
        manifest.images.map(({ label }) => label),
        ["benign", "normal", "malignant", "benign"],
      );
      const drawn = await openPictures(manifest);
      const lesions = [];
      for (const record of manifest.images) lesions.push((await drawn.read(record)).mask!.pixels.reduce((sum, value) => sum + value, 0));
      await drawn.close();
      // columns 4 to 7 of six rows, the blended one among them
      assert.equal(lesions, [24, 0, 24, 24]);
    }));
  test("lets a patient have benign and malignant images, which is a warning and no error", () =>
    withFolder(async (root) => {
      await writeFiles(join(root, "set"), dataset);
      const { problems } = await inspectData(join(root, "set"), { cache: join(root, "cache"), classes: ["benign", "malignant"] });
      assert.equal(
        problems.map(({ level }) => level),
        ["warning"],
      );
      assert.match(
        problems[0].message,
        /^images\/CHVI_000\.png is malignant and images\/CHVI_020\.png is benign, in the group "CHVI"; studies of both classes leave/,
      );
    }));
  test("names image and mask where their sizes differ", () =>
    withFolder(async (root) => {
      await writeFiles(join(root, "set"), { ...dataset, "masks/ALWI_000.png": await mask(green, 5) });
      const { problems } = await inspectData(join(root, "set"), { cache: join(root, "cache"), classes: ["benign", "normal"] });
      assert.equal(
        problems.filter(({ level }) => level === "error").map(({ message }) => message),
        ["masks/ALWI_000.png: the mask has 8 × 5 pixels but its image images/ALWI_000.png has 8 × 6; give both the same size"],
      );
    }));
  const bad: [string, string, RegExp][] = [
    [
      "a label in another case",
      "ALWI_000.png;1x1;benign;No;No;No",
      /^INFO\.csv: ALWI_000\.png has the Label "benign", which is not "Normal"/,
    ],
    ["an unknown label", "ALWI_000.png;1x1;Cyst;No;No;No", /has the Label "Cyst"/],
    ["a name that leads out", "../ALWI_000.png;1x1;Benign;No;No;No", /the Image "\.\.\/ALWI_000\.png" does not look like ALWI_000\.png/],
    ["an image that is not there", "ALWI_007.png;1x1;Benign;No;No;No", /^images\/ALWI_007\.png: no such file, but INFO\.csv lists/m],
  ];
  for (const [what, line, pattern] of bad) test(`names ${what}`, async () => assert.match(await problemsOf(line), pattern));
  test("names a missing mask, and warns of an image without a row", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...dataset, "images/ZZZZ_000.png": await image(7) });
      await rm(join(root, "masks/ALWI_001.png"));
      assert.equal(
        (await busUclm.read(openFolder(root))).problems.map(({ level, message }) => `${level} ${message.split(":")[0]}`),
        ["warning images/ZZZZ_000.png", "error masks/ALWI_001.png"],
      );
    }));
  test("refuses a table without labels, and a folder without the table", () =>
    withFolder(async (root) => {
      await writeFiles(root, pictures);
      await assertUserError(() => busUclm.read(openFolder(root)), /has no INFO\.csv, where BUS-UCLM keeps its classes/);
      await writeFile(join(root, "INFO.csv"), "Image;Resolution\nALWI_000.png;856x606\n");
      await assertUserError(() => busUclm.read(openFolder(root)), /^INFO\.csv: has no column "Label" \(it has Image, Resolution\)/);
    }));
});
