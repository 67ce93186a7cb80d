import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dump } from "npyjs";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { openBothForms, zipOf } from "../../testing/data-set-files.ts";
import { describe } from "../../testing/describe.ts";
import { withFolder, writeFiles } from "../../testing/picture-files.ts";
import { realData } from "../../testing/real-data.ts";
import { range } from "../../util/rng.ts";
import { openFiles } from "../files/open.ts";
import { inspectData } from "../load.ts";
import { locate } from "../locate.ts";
import type { Listing } from "../manifest.ts";
import { openPictures } from "../pictures.ts";
import { breastmnist } from "./breastmnist.ts";

type Numbers = Parameters<typeof dump>[0];
const npy = (values: Numbers, shape: number[]): Uint8Array => new Uint8Array(dump(values, shape));

/** Level of pixel `p` in image `i` of a part: no two images are equal. */
const level = (part: number, i: number, p: number): number => (part * 50 + i * 7 + p * 3) % 256;

/** Arrays of three parts of 3, 1 and 2 images; labels 0, 1, 0, … */
function arraysOf(side: number, labelShape: (count: number) => number[]): Record<string, Uint8Array> {
  return Object.fromEntries(
    [3, 1, 2].flatMap((count, part) => {
      const name = ["train", "val", "test"][part];
      const pixels = Uint8Array.from({ length: count * side * side }, (_, k) => level(part, Math.floor(k / side ** 2), k % side ** 2));
      return [
        [`${name}_images.npy`, npy(pixels, [count, side, side])],
        [
          `${name}_labels.npy`,
          npy(
            Uint8Array.from(range(count), (i) => i % 2),
            labelShape(count),
          ),
        ],
      ] as const;
    }),
  );
}
const arrays = arraysOf(28, (count) => [count]);

/** What the reader makes of a lone file of these arrays. */
const readFileOf = (content: Record<string, Uint8Array>): Promise<Listing> =>
  withFolder(async (root) => {
    await writeFile(join(root, "breastmnist.npz"), zipOf(content));
    return breastmnist.read(await openFiles(join(root, "breastmnist.npz")));
  });

describe("breastmnist", (test) => {
  test("lists the images of three parts with their class, from a folder and from an archive", () =>
    openBothForms({ "breastmnist.npz": zipOf(arrays) }, async (files) => {
      assert.is(await breastmnist.recognises(files), "has breastmnist.npz");
      const { images, problems, note } = await breastmnist.read(files);
      assert.equal(problems, []);
      assert.match(note, /names no patients.* so results are optimistic\.$/);
      assert.equal(images[1], {
        id: "train/1",
        path: "breastmnist.npz#train/1",
        label: "normal or benign",
        group: "train/1",
        masks: [],
        official: { split: "train" },
      });
      assert.equal(
        images.map(({ id, label }) => `${id} ${label}`),
        [
          "train/0 malignant",
          "train/1 normal or benign",
          "train/2 malignant",
          "val/0 malignant",
          "test/0 malignant",
          "test/1 normal or benign",
        ],
      );
    }));
  test("reads a lone file, labels of shape [n, 1], and the sizes of MedMNIST+, and shows the pixels of each image", () =>
    withFolder(async (root) => {
      for (const side of [28, 64, 224]) {
        const file = join(root, `breastmnist_${side}.npz`);
        await writeFile(file, zipOf(arraysOf(side, (count) => [count, 1])));
        const { manifest, problems } = await inspectData(file, { cache: join(root, "cache") });
        assert.equal([manifest.reader, manifest.root, problems.length], ["breastmnist", file, 0]);
        const pictures = await openPictures(manifest);
        for (const [part, name] of ["train", "val", "test"].entries())
          for (const record of manifest.images.filter(({ official }) => official?.split === name)) {
            const { image } = await pictures.read(record);
            const i = Number(record.id.split("/")[1]);
            assert.equal([record.width, image.height], [side, side]);
            assert.equal(
              image.pixels,
              Uint8Array.from({ length: side * side }, (_, p) => level(part, i, p)),
            );
          }
        await pictures.close();
      }
    }));
  test("hands out pixels that the caller may change", () =>
    openBothForms({ "breastmnist.npz": zipOf(arrays) }, async (files) => {
      const { bytes, image } = breastmnist.decoder!;
      const first = async () => (await image(await bytes(files, "breastmnist.npz#train/0"), "")).pixels;
      (await first()).fill(9);
      assert.is((await first())[1], level(0, 0, 1));
    }));
  test("refuses several sizes side by side, and a folder without any", () =>
    withFolder(async (root) => {
      await assertUserError(async () => breastmnist.read(await openFiles(root)), /has no breastmnist\.npz; give that file or its folder/);
      await writeFiles(root, { "breastmnist.npz": zipOf(arrays), "breastmnist_64.npz": zipOf(arrays) });
      await assertUserError(
        async () => breastmnist.read(await openFiles(root)),
        /has breastmnist\.npz and breastmnist_64\.npz, which hold the same/,
      );
    }));
  test("refuses paths of images that are not there", () =>
    openBothForms({ "breastmnist.npz": zipOf(arrays) }, async (files) => {
      for (const [path, pattern] of [
        ["breastmnist.npz", /does not look like breastmnist\.npz#train\/12/],
        ["breastmnist.npz#all/1", /has no part all/],
        ["breastmnist.npz#val/1", /val has 1 images/],
      ] as const)
        await assertUserError(() => breastmnist.decoder!.bytes(files, path), pattern);
    }));
  test("names each label that is neither 0 nor 1, and reads the others", async () => {
    const { images, problems } = await readFileOf({ ...arrays, "train_labels.npy": npy(Float32Array.of(1, 2, 0.5), [3]) });
    assert.is(images.length, 4);
    assert.equal(
      problems.map(({ message }) => message),
      [
        "breastmnist.npz: train_labels[1] is 2, which is neither 0 nor 1; get the file again",
        "breastmnist.npz: train_labels[2] is 0.5, which is neither 0 nor 1; get the file again",
      ],
    );
  });
  const { val_labels: _, ...others } = Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [name.replace(".npy", ""), bytes]));
  const incomplete = Object.fromEntries(Object.entries(others).map(([name, bytes]) => [`${name}.npy`, bytes]));
  const bad: [string, Record<string, Uint8Array>, RegExp][] = [
    ["an archive without an array", incomplete, /^val_labels\.npy: no such file in breastmnist\.npz/],
    [
      "images of other numbers than bytes",
      { ...arrays, "train_images.npy": npy(new Float32Array(3 * 4), [3, 2, 2]) },
      /train_images: has the shape \[3, 2, 2\]/,
    ],
    [
      "images that are not square",
      { ...arrays, "val_images.npy": npy(new Uint8Array(6), [1, 2, 3]) },
      /val_images: has the shape \[1, 2, 3\]/,
    ],
    ["colour images", { ...arrays, "val_images.npy": npy(new Uint8Array(12), [1, 2, 2, 3]) }, /val_images: has the shape \[1, 2, 2, 3\]/],
    ["images without pixels", { ...arrays, "val_images.npy": npy(new Uint8Array(), [1, 0, 0]) }, /val_images: has the shape \[1, 0, 0\]/],
    ["fewer labels than images", { ...arrays, "test_labels.npy": npy(Uint8Array.of(1), [1]) }, /test_labels: has 1 labels for 2 images/],
    [
      "an array that is damaged",
      { ...arrays, "test_images.npy": Buffer.from("text") },
      /breastmnist\.npz: test_images: this is no \.npy array/,
    ],
    [
      "an array that unpacks to too much",
      { ...arrays, "train_images.npy": new Uint8Array(20e6) },
      /"train_images\.npy" would unpack from \d+ to 20000000 bytes/,
    ],
  ];
  for (const [what, content, pattern] of bad) test(`refuses ${what}`, () => assertUserError(() => readFileOf(content), pattern));
  test("refuses a file that is no archive", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "breastmnist.npz": "text" });
      await assertUserError(() => inspectData(root), /breastmnist\.npz: the archive cannot be read/);
    }));
});

const real = await realData("breastmnist");
if (real)
  describe("breastmnist on the real file", (test) => {
    test("reads 780 images, 210 of them malignant, of the official split", async () => {
      const { reader, files } = await locate(real);
      assert.is(reader, breastmnist);
      const { images, problems } = await reader.read(files);
      assert.equal(problems, []);
      const count = (part: string) => images.filter(({ official }) => official?.split === part).length;
      assert.equal(["train", "val", "test"].map(count), [546, 78, 156]);
      assert.is(images.filter(({ label }) => label === "malignant").length, 210);
      // numpy.load("breastmnist.npz")["train_images"][12].sum(), and so on
      const sums = { "train/12": 57226, "val/77": 55170, "test/155": 74022 };
      for (const [id, sum] of Object.entries(sums)) {
        const bytes = await breastmnist.decoder!.bytes(files, `breastmnist.npz#${id}`);
        const { width, height, pixels } = await breastmnist.decoder!.image(bytes, id);
        assert.equal([width, height], [28, 28]);
        assert.is(
          pixels.reduce((total, value) => total + value, 0),
          sum,
        );
      }
    });
  });
