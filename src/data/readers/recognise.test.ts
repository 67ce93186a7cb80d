import * as assert from "uvu/assert";
import { inBothForms, openBothForms, zipOf, type Content } from "../../testing/data-set-files.ts";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { locate } from "../locate.ts";
import { readers } from "./registry.ts";

const png = await greyPng(8, 6, (x) => x * 20);
const files = (...paths: string[]): Content => Object.fromEntries(paths.map((path) => [path, png]));

interface Layout {
  /** the least that is the data set's own */
  content: Content;
  /** what the reader says that it saw */
  reason: RegExp;
}

/** By reader. What a layout must not be taken for stands in it: masks of BUSI, images/ and masks/ of BUS-UCLM. */
const layouts: Record<string, Layout> = {
  "bus-bra": {
    content: {
      ...files("Images/bus_0001-l.png", "Masks/mask_0001-l.png"),
      "bus_data.csv": "ID,Case,Pathology\n",
      "5-fold-cv.csv": "ID,kFold\n",
    },
    reason: /bus_data\.csv and Images\//,
  },
  busi: {
    content: files(
      "benign/benign (1).png",
      "benign/benign (1)_mask.png",
      "malignant/malignant (1).png",
      "malignant/malignant (1)_mask.png",
    ),
    reason: /benign\/, malignant\/ with masks named like "benign \(1\)_mask\.png"/,
  },
  "kaggle-augmented": {
    content: files("train/benign/benign (1)-rotated1.png", "train/malignant/malignant (1).png", "val/benign/benign (2)-sharpened.jpg"),
    reason: /train\/benign\/, val\/benign\/ with files named like "benign \(1\)-rotated1\.png"/,
  },
  ussimandsegm: {
    content: files("RUS/images/train/c1.jpg", "RUS/images/test/h1.jpg", "RUS/annotations/test/h1.png", "AUS/images/train/ct14-1.png"),
    reason: /RUS\/images\/train\/, RUS\/images\/test\/, AUS\/images\/train\//,
  },
  breast: {
    content: {
      ...files("BrEaST-Lesions_USG-images_and_masks/case001.png", "BrEaST-Lesions_USG-images_and_masks/case001_tumor.png"),
      "BrEaST-Lesions-USG-clinical-data-Dec-15-2023.xlsx": zipOf({ "[Content_Types].xml": "" }),
    },
    reason: /BrEaST-Lesions-USG-clinical-data-Dec-15-2023\.xlsx and images like case001\.png/,
  },
  "bus-uclm": {
    content: { ...files("images/ALWI_000.png", "masks/ALWI_000.png"), "INFO.csv": "\uFEFFImage;Label\n" },
    reason: /INFO\.csv, images\/ and masks\//,
  },
  hc18: {
    content: {
      ...files("training_set/000_HC.png", "training_set/000_HC_Annotation.png", "test_set/000_HC.png"),
      "training_set_pixel_size_and_HC.csv": "filename,pixel size(mm),head circumference (mm)\n",
      "test_set_pixel_size.csv": "filename,pixel size(mm)\n",
    },
    reason: /training_set/,
  },
  breastmnist: { content: { "breastmnist.npz": zipOf({ "train_images.npy": "" }) }, reason: /breastmnist\.npz/ },
  dicom: {
    content: { "series1/IM0001": Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(64)]) },
    reason: /holds DICOM files/,
  },
  csv: { content: { ...files("pictures/a.png", "pictures/b.png"), "manifest.csv": "path,label\n" }, reason: /manifest\.csv/ },
  folder: { content: files("cyst/a.png", "fibroadenoma/b.png"), reason: /images in cyst\/, fibroadenoma\// },
};
const layoutOf = (name: string): Layout => layouts[name] ?? assert.unreachable(`the reader ${name} has no layout here; add one`);

/** They take much; what a particular reader recognises as well is its own. */
const general = ["csv", "folder"];

describe("recognition", (test) => {
  for (const { name } of readers) {
    test(`${name} is found by its layout, as a folder and as an archive, bare or wrapped in one or two folders, and says what it saw`, async () => {
      const { content, reason } = layoutOf(name);
      for (const wrapper of ["", "download/", "download/data set/"])
        await inBothForms(Object.fromEntries(Object.entries(content).map(([path, bytes]) => [wrapper + path, bytes])), async (path) => {
          const { reader, files: found, why } = await locate(path);
          await found.close();
          assert.is(reader.name, name, why);
          assert.match(why, reason);
          assert.ok(why.startsWith(`${name} reads ${found.root}: it `), why);
        });
    });
    test(`${name} is taken by no other particular reader`, () =>
      openBothForms(layoutOf(name).content, async (found) => {
        const takers: string[] = [];
        for (const reader of readers) if ((await reader.recognises(found)) !== undefined) takers.push(reader.name);
        assert.equal(
          takers.filter((taker) => taker === name || !general.includes(taker)),
          [name],
        );
      }));
  }
  test("no reader takes a folder of texts", () =>
    openBothForms({ "a/notes.txt": "x", "b/readme.md": "y" }, async (found) => {
      for (const reader of readers) assert.is(await reader.recognises(found), undefined, reader.name);
    }));
  test("says which readers there are where none recognises the files", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "a/notes.txt": "x" });
      await assertUserError(
        () => locate(root),
        new RegExp(`no reader recognises this \\(${readers.map(({ name }) => name).join(", ")}\\)`),
      );
    }));
});
