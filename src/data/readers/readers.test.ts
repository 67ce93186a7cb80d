import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { openFolder } from "../files/folder-files.ts";
import type { Reader } from "../manifest.ts";
import { busBra } from "./bus-bra.ts";
import { busi } from "./busi.ts";
import { folder } from "./folder.ts";

/** The reader lists a problem of that wording. */
async function reports(reader: Reader, root: string, pattern: RegExp): Promise<void> {
  const { problems } = await reader.read(openFolder(root));
  assert.ok(
    problems.some(({ message }) => pattern.test(message)),
    `no problem matches ${String(pattern)}: ${JSON.stringify(problems)}`,
  );
}

const png = await greyPng(8, 6, (x) => x * 20);
const files = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, png]));

describe("busBra", (test) => {
  const header = "ID,Case,Histology,Pathology,BIRADS,Device,Width,Height,Side,BBOX";
  const row = (id: string, patient: string, pathology: string) => `${id},${patient},cyst,${pathology},4,GE,9,9,left,"[1,2,3,4]"`;
  const table = [header, row("bus_0001-l", "1", "benign"), row("bus_0001-r", "1", "benign"), row("bus_0002-s", "2", "malignant")].join(
    "\n",
  );
  const pictures = files(...["0001-l", "0001-r", "0002-s"].flatMap((name) => [`Images/bus_${name}.png`, `Masks/mask_${name}.png`]));
  const dataset = { "bus_data.csv": table, ...pictures };

  test("reads patient, class and mask of every row", () =>
    withFolder(async (root) => {
      await writeFiles(root, dataset);
      assert.match((await busBra.recognises(openFolder(root)))!, /bus_data\.csv and Images/);
      const { images, note } = await busBra.read(openFolder(root));
      assert.is(note, "");
      assert.equal(images[1], {
        id: "bus_0001-r",
        path: "Images/bus_0001-r.png",
        label: "benign",
        group: "case-1",
        masks: ["Masks/mask_0001-r.png"],
        patient: "case-1",
        site: "GE",
        annotations: { Histology: "cyst", BIRADS: "4", Side: "left" },
      });
      assert.equal(
        images.map(({ group, label }) => `${group} ${label}`),
        ["case-1 benign", "case-1 benign", "case-2 malignant"],
      );
    }));
  test("tells of images that stand in no row", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...dataset, ...files("Images/bus_0009-l.png") });
      await reports(busBra, root, /^Images\/bus_0009-l\.png: has no row in bus_data\.csv, so it is left out/);
    }));
  test("names a missing image and a missing mask", () =>
    withFolder(async (root) => {
      await writeFiles(root, dataset);
      await rm(join(root, "Masks/mask_0002-s.png"));
      await reports(busBra, root, /^Masks\/mask_0002-s\.png: no such file, but bus_data\.csv lists bus_0002-s/);
      await rm(join(root, "Images/bus_0001-r.png"));
      await reports(busBra, root, /^Images\/bus_0001-r\.png: no such file/);
    }));
  const bad: [string, string, RegExp][] = [
    ["a label in another case", row("bus_0001-l", "1", "Benign"), /bus_0001-l has Pathology "Benign"/],
    ["a row without a patient", row("bus_0001-l", "", "benign"), /bus_0001-l has no Case/],
    ["an ID that leads out of the folder", row("../../bus_0001-l", "1", "benign"), /the ID "\.\.\/\.\.\/bus_0001-l" does not look like/],
  ];
  for (const [what, line, pattern] of bad)
    test(`refuses ${what}`, () =>
      withFolder(async (root) => {
        await writeFiles(root, { ...pictures, "bus_data.csv": `${header}\n${line}\n` });
        await reports(busBra, root, pattern);
      }));
  test("refuses a table without the patient column, and a folder without the table", () =>
    withFolder(async (root) => {
      await assertUserError(() => busBra.read(openFolder(root)), /has no bus_data\.csv, where BUS-BRA keeps its patients/);
      await writeFiles(root, { "bus_data.csv": "ID,Pathology\nbus_0001-l,benign\n" });
      await assertUserError(() => busBra.read(openFolder(root)), /has no column "Case"/);
    }));
});

describe("busi", (test) => {
  const dataset = files(
    "benign/benign (1).png",
    "benign/benign (1)_mask.png",
    "benign/benign (2).png",
    "benign/benign (2)_mask.png",
    "benign/benign (2)_mask_1.png",
    "malignant/malignant (1).png",
    "malignant/malignant (1)_mask.png",
    "normal/normal (1).png",
    "normal/normal (1)_mask.png",
  );
  test("takes all masks of an image, and says that there are no patients", () =>
    withFolder(async (root) => {
      await writeFiles(root, dataset);
      assert.match((await busi.recognises(openFolder(root)))!, /benign\/, malignant\/, normal\/ with masks/);
      const { images, note } = await busi.read(openFolder(root));
      assert.equal(
        images.map((image) => image.id),
        ["benign/benign (1)", "benign/benign (2)", "malignant/malignant (1)", "normal/normal (1)"],
      );
      assert.equal(images[1].masks, ["benign/benign (2)_mask.png", "benign/benign (2)_mask_1.png"]);
      assert.is(images[1].group, images[1].id);
      assert.match(note, /names no patients/);
    }));
  test("names an image without a mask, and a mask without an image", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...dataset, ...files("benign/benign (3).png") });
      await reports(busi, root, /^benign\/benign \(3\)\.png: has no mask benign\/benign \(3\)_mask\.png/);
      await rm(join(root, "benign/benign (3).png"));
      await writeFiles(root, files("malignant/malignant (9)_mask_1.png"));
      await reports(busi, root, /malignant \(9\)_mask_1\.png: is a mask without the image malignant\/malignant \(9\)\.png/);
    }));
  test("passes by files that are no images, hidden files and archive litter", () =>
    withFolder(async (root) => {
      await writeFiles(root, {
        ...dataset,
        ...files("benign/._benign (1).png", "benign/__MACOSX/x.png"),
        "benign/notes.txt": "",
        "benign/Thumbs.db": "",
      });
      assert.is((await busi.read(openFolder(root))).images.length, 4);
    }));
});

describe("folder", (test) => {
  test("does not take Images/ and Masks/ for classes", () =>
    withFolder(async (root) => {
      await writeFiles(root, files("Images/a.png", "Masks/a.png"));
      assert.is(await folder.recognises(openFolder(root)), undefined);
    }));
  test("takes the class from the sub-folder, masks from their mirror, groups from the table", () =>
    withFolder(async (root) => {
      await writeFiles(root, {
        ...files("b/x.png", "b/deep/y.jpg", "m/z.tiff", "masks/b/x.png", "masks/b/deep/y.png"),
        "groups.csv": "image,group\nb/x.png,p1\nb/deep/y.jpg,p1\nm/z,p2\nb/gone.png,p9\n",
      });
      assert.match((await folder.recognises(openFolder(root)))!, /images in b\/, m\//);
      const { images, note } = await folder.read(openFolder(root));
      assert.is(note, "");
      assert.equal(images, [
        { id: "b/deep/y", path: "b/deep/y.jpg", label: "b", group: "p1", masks: ["masks/b/deep/y.png"] },
        { id: "b/x", path: "b/x.png", label: "b", group: "p1", masks: ["masks/b/x.png"] },
        { id: "m/z", path: "m/z.tiff", label: "m", group: "p2", masks: [] },
      ]);
    }));
  test("without a table each image is a group, and the note says so", () =>
    withFolder(async (root) => {
      await writeFiles(root, files("b/x.png", "m/z.png"));
      const { images, note } = await folder.read(openFolder(root));
      assert.equal(
        images.map((image) => image.group),
        ["b/x", "m/z"],
      );
      assert.match(note, /no groups\.csv/);
    }));
  test("lists formats that cannot be read, so that they are refused by name and not lost", () =>
    withFolder(async (root) => {
      await writeFiles(root, files("b/x.bmp", "b/y.gif", "m/z.webp"));
      assert.is((await folder.read(openFolder(root))).images.length, 3);
    }));
  test("names a mask without an image, and an image whose class has masks", () =>
    withFolder(async (root) => {
      await writeFiles(root, files("b/x.png", "b/y.png", "m/z.png", "masks/b/x.png"));
      await reports(folder, root, /^b\/y\.png: has no mask masks\/b\/y\.png/);
      await writeFiles(root, files("masks/b/y.png", "masks/b/typo.png"));
      await reports(folder, root, /^masks\/b\/typo\.png: is a mask without an image/);
    }));
  const tables: [string, string, RegExp][] = [
    ["an image that the table leaves out", "image,group\nb/x.png,p1\n", /groups\.csv: has no row for m\/z\.png/],
    ["an image in two groups", "image,group\nb/x.png,p1\nb/x.png,p2\nm/z.png,p3\n", /b\/x\.png is in the groups "p1" and "p2"/],
    ["an empty group", "image,group\nb/x.png,\nm/z.png,p3\n", /b\/x\.png has an empty group/],
  ];
  for (const [what, table, pattern] of tables)
    test(`refuses ${what}`, () =>
      withFolder(async (root) => {
        await writeFiles(root, { ...files("b/x.png", "m/z.png"), "groups.csv": table });
        await reports(folder, root, pattern);
      }));
  test("refuses a table without the column group", () =>
    withFolder(async (root) => {
      await writeFiles(root, { ...files("b/x.png"), "groups.csv": "image,patient\nb/x.png,1\n" });
      await assertUserError(() => folder.read(openFolder(root)), /groups\.csv: has no column "group"/);
    }));
});
