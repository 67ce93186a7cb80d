import { readFile } from "node:fs/promises";
import * as assert from "uvu/assert";
import { listedFiles, openBothForms } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng } from "../../testing/picture-files.ts";
import { realData } from "../../testing/real-data.ts";
import { pictureFiles } from "../decoder.ts";
import { locate } from "../locate.ts";
import { kaggleAugmented } from "./kaggle-augmented.ts";

const wrapper = "ultrasound breast classification";
const png = await greyPng(8, 6, (x) => x * 20);
/** Names of the data set: each step of augmentation, none to three of them, both extensions, both sides of the split. */
const names = [
  "train/benign/benign (36)-rotated1-sharpened.png",
  "train/benign/benign (36)-sharpened.jpg",
  "train/benign/benign (36)-sharpened.png",
  "train/malignant/malignant (18)-rotated32-rotated2.png",
  "val/benign/benign (36).png",
  "val/malignant/malignant (18)-sharpened-rotated32-rotated1.png",
  "val/malignant/malignant (7).png",
];
const dataset = Object.fromEntries(names.map((name) => [name, png]));

/** Problems of a data set with one more file. */
const problemsWith = async (extra: string) => (await kaggleAugmented.read(listedFiles([...names, extra]))).problems;

describe("kaggleAugmented", (test) => {
  test("groups by class and number of the BUSI image, over both sides of its split", () =>
    openBothForms(dataset, async (files) => {
      assert.match((await kaggleAugmented.recognises(files))!, /^has train\/benign\/, .*like "benign \(36\)-rotated1-sharpened\.png"$/);
      const { images, problems } = await kaggleAugmented.read(files);
      assert.equal(problems, []);
      assert.equal(
        images.find(({ path }) => path === names[0]),
        {
          id: names[0],
          path: names[0],
          label: "benign",
          group: "benign (36)",
          masks: [],
          annotations: { augmentation: "rotated1-sharpened" },
          official: { split: "train" },
        },
      );
      assert.equal(
        images.map(({ group, official }) => `${official?.split} ${group}`),
        [
          "train benign (36)",
          "train benign (36)",
          "train benign (36)",
          "train malignant (18)",
          "val benign (36)",
          "val malignant (18)",
          "val malignant (7)",
        ],
      );
    }));
  test("takes a .png and a .jpg of one stem for two images", async () => {
    const { images } = await kaggleAugmented.read(listedFiles(names));
    assert.is(new Set(images.map(({ id }) => id)).size, names.length);
  });
  test("names a file whose BUSI image cannot be told", async () => {
    for (const name of [
      "benign 36.png",
      "benign (36)-flipped.png",
      "benign (36)-rotated1-rotated1-rotated1-rotated1.png",
      "benign (36)_mask.png",
      "Benign (36).png",
    ]) {
      const [{ level, message }, ...others] = await problemsWith(`train/benign/${name}`);
      assert.equal([level, others], ["error", []]);
      assert.ok(message.startsWith(`train/benign/${name}: is not named like "benign (36)-rotated1-sharpened.png"`), message);
    }
  });
  test("names a file that lies in the folder of another class", async () => {
    const [{ message }] = await problemsWith("val/benign/malignant (7)-rotated1.png");
    assert.is(message, "val/benign/malignant (7)-rotated1.png: is named malignant but lies in benign/; move or rename it");
  });
  test("does not take a split of BUSI without augmentation", async () => {
    assert.is(await kaggleAugmented.recognises(listedFiles(["train/benign/benign (1).png", "val/benign/benign (2).png"])), undefined);
  });
});

const allNames = await realData("kaggle-augmented-sample/all-names.txt");
if (allNames)
  describe("kaggleAugmented on all names of the data set", (test) => {
    test("knows each of 9,016 files, which show 496 BUSI images, two of them on both sides of the split", async () => {
      const paths = (await readFile(allNames, "utf8")).trimEnd().split("\n");
      const { images, problems } = await kaggleAugmented.read(listedFiles(paths.map((path) => path.slice(wrapper.length + 1))));
      assert.equal(problems, []);
      assert.is(images.length, 9016);
      assert.is(new Set(images.map(({ id }) => id)).size, 9016);
      const groupsOf = (split: string) => new Set(images.filter(({ official }) => official?.split === split).map(({ group }) => group));
      const [train, val] = [groupsOf("train"), groupsOf("val")];
      assert.is(new Set([...train, ...val]).size, 496);
      assert.equal(
        [...val].filter((group) => train.has(group)),
        ["benign (36)", "malignant (18)"],
      );
    });
  });

const sample = await realData("kaggle-augmented-sample");
if (sample)
  describe("kaggleAugmented on real files", (test) => {
    test("reads the sample through its wrapping folder", async () => {
      const { reader, files } = await locate(sample);
      assert.is(reader, kaggleAugmented);
      const { images, problems } = await reader.read(files);
      assert.equal(problems, []);
      assert.is(images.length, 53);
      assert.equal([...new Set(images.map(({ group }) => group))].sort(), ["benign (1)", "benign (36)", "malignant (18)"]);
      for (const { path } of images) assert.ok((await pictureFiles.image(await files.read(path), path)).width > 100, path);
    });
  });
