import { mkdir, symlink, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../testing/picture-files.ts";
import { packageRoot } from "../util/files.ts";
import { inspectData, loadManifest } from "./load.ts";

/** A picture that no other number shares. */
const picture = (k: number, width = 12, height = 9) => greyPng(width, height, (x, y) => (x * 7 + y * 11 + k * 5) % 256);
/** The same pixels in another format, without loss. */
const tiffOf = (png: Buffer) => sharp(png).tiff({ compression: "lzw" }).toBuffer();
const disk = (width = 12, height = 9) => greyPng(width, height, (x, y) => (Math.hypot(x - 6, y - 4) < 3 ? 255 : 0));

/** Calls `body` with a data set of two benign and two malignant images under `data/` and an empty cache. */
function withData(body: (root: string, options: { cache: string }) => Promise<void>): Promise<void> {
  return withFolder(async (home) => {
    const root = join(home, "data");
    await writeFiles(root, {
      "benign/a.png": await picture(1),
      "benign/b.png": await picture(2, 20, 9),
      "malignant/c.png": await picture(3),
      "malignant/d.png": await picture(4),
    });
    await body(root, { cache: join(home, "cache") });
  });
}

describe("loadManifest", (test) => {
  test("records sizes as decoded and hashes of the files, in the order of ids", () =>
    withData(async (root, options) => {
      const { images, reader } = await loadManifest(root, options);
      assert.is(reader, "folder");
      assert.equal(
        images.map(({ id, width, height, label }) => `${id} ${width}×${height} ${label}`),
        ["benign/a 12×9 benign", "benign/b 20×9 benign", "malignant/c 12×9 malignant", "malignant/d 12×9 malignant"],
      );
      assert.match(images[0].sha256, /^[0-9a-f]{64}$/);
    }));
  test("gives equal digests for equal data in two places, and another one for another pixel, mask or group", () =>
    withData(async (root, options) => {
      const { digest } = await loadManifest(root, options);
      await withData(async (other, otherOptions) => assert.is((await loadManifest(other, otherOptions)).digest, digest));
      const digests = [digest];
      const changed = async (files: Record<string, string | Uint8Array>) => {
        await writeFiles(root, files);
        digests.push((await loadManifest(root, options)).digest);
      };
      await changed({ "benign/a.png": await picture(9) });
      await changed({ "masks/benign/a.png": await disk(), "masks/benign/b.png": await disk(20) });
      await changed({ "masks/benign/a.png": await greyPng(12, 9, (x) => (x < 4 ? 255 : 0)) });
      await changed({ "groups.csv": "image,group\nbenign/a,p1\nbenign/b,p1\nmalignant/c,p2\nmalignant/d,p3\n" });
      assert.is(new Set(digests).size, 5);
    }));
  test("leaves other classes out", () =>
    withData(async (root, options) => {
      await writeFiles(root, { "normal/e.png": await picture(5) });
      assert.is((await loadManifest(root, options)).images.length, 5);
      assert.is((await loadManifest(root, { ...options, classes: ["benign", "malignant"] })).images.length, 4);
    }));
  test("says which reader took the data and why", () =>
    withData(async (root, options) => {
      const notes: string[] = [];
      await loadManifest(root, { ...options, note: (line) => void notes.push(line) });
      assert.equal(notes, [`folder reads ${root}: it has images in benign/, malignant/`]);
    }));
  test("finds the data set that an archive wrapped in one folder", () =>
    withData(async (root, options) => {
      assert.is(await loadManifest(join(root, ".."), options).then(({ root: found }) => found), root);
    }));
  test("joins images with identical pixels to one group, even where the bytes differ", () =>
    withData(async (root, options) => {
      await writeFiles(root, { "benign/b.png": await picture(7), "benign/z.tiff": await tiffOf(await picture(7)) });
      const { images } = await loadManifest(root, options);
      assert.equal(
        images.map((image) => image.group),
        ["benign/a", "benign/b", "benign/b", "malignant/c", "malignant/d"],
      );
      assert.is.not(images[1].sha256, images[2].sha256);
    }));
  test("leaves identical images of two classes out of a study, keeps them elsewhere, and says so in both cases", () =>
    withData(async (root, options) => {
      await writeFiles(root, { "malignant/d.png": await picture(1) });
      const whole = await inspectData(root, options);
      assert.is(whole.manifest.images.length, 4);
      assert.is(whole.problems.length, 1);
      assert.is(whole.problems[0].level, "warning");
      assert.match(
        whole.problems[0].message,
        /^benign\/a\.png is benign and malignant\/d\.png is malignant, in one group as they show one picture/,
      );
      const study = await loadManifest(root, { ...options, classes: ["benign", "malignant"] });
      assert.equal(
        study.images.map((image) => image.id),
        ["benign/b", "malignant/c"],
      );
      assert.match(study.note, /2 images are left out: their group holds several classes/);
    }));

  test("refuses a folder that is not there, and a file that is no data set", () =>
    withData(async (root, options) => {
      await assertUserError(() => loadManifest(join(root, "nowhere"), options), /^no such folder or file: .*nowhere/);
      await assertUserError(() => loadManifest(join(root, "benign/a.png"), options), /a\.png: no reader recognises this/);
    }));
  test("refuses an unknown reader, naming the one that was meant", () =>
    withData((root, options) =>
      assertUserError(() => loadManifest(`busy:${root}`, options), /no reader is called "busy": did you mean "busi"\?/),
    ));
  test("refuses a folder that nobody recognises, and one without images", () =>
    withData(async (root, options) => {
      await assertUserError(() => loadManifest(join(root, "benign"), options), /no reader recognises this \(bus-bra, busi, /);
      await mkdir(join(root, "empty"));
      await assertUserError(() => loadManifest(`folder:${join(root, "empty")}`, options), /folder found no images there/);
    }));
  test("refuses a study class that is not there, naming the one that was meant", () =>
    withData(async (root, options) => {
      const classes = ["benign", "Malignant"];
      await assertUserError(
        () => loadManifest(root, { ...options, classes }),
        /no images of the class "Malignant".*did you mean "malignant"\?/,
      );
      await rm(join(root, "malignant"), { recursive: true });
      await assertUserError(
        () => loadManifest(`folder:${root}`, { ...options, classes: ["benign", "malignant"] }),
        /no images of the class "malignant" \(they have benign\), and a study needs all of its classes/,
      );
    }));
  test("refuses a mask of another size, naming both files and both sizes", () =>
    withData(async (root, options) => {
      await writeFiles(root, { "masks/benign/a.png": await disk(12, 8), "masks/benign/b.png": await disk(20, 9) });
      await assertUserError(
        () => loadManifest(root, options),
        /^masks\/benign\/a\.png: the mask has 12 × 8 pixels but its image benign\/a\.png has 12 × 9/,
      );
    }));
  test("leaves a group of two classes out of a study of both, and says so", () =>
    withData(async (root, options) => {
      await writeFiles(root, { "groups.csv": "image,group\nbenign/a,p1\nbenign/b,p2\nmalignant/c,p1\nmalignant/d,p3\n" });
      const notes: string[] = [];
      const { images, note } = await loadManifest(root, {
        ...options,
        classes: ["benign", "malignant"],
        note: (text) => void notes.push(text),
      });
      assert.equal(
        images.map(({ id }) => id),
        ["benign/b", "malignant/d"],
      );
      assert.match(
        notes.join("\n"),
        /benign\/a\.png is benign and malignant\/c\.png is malignant, in the group "p1"; studies of both classes leave/,
      );
      assert.match(note, /2 images are left out: their group holds several classes/);
    }));
  test("refuses two images of one id", () =>
    withData(async (root, options) => {
      await writeFiles(root, { "benign/a.tiff": await tiffOf(await picture(8)) });
      await assertUserError(() => loadManifest(root, options), /^benign\/a: this id is there 2 times \(benign\/a\.png, benign\/a\.tiff\)/);
    }));
  test("refuses files that cannot be read or decoded, by name, and counts the others", () =>
    withData(async (root, options) => {
      await rm(join(root, "benign/a.png"));
      await symlink(join(root, "nowhere"), join(root, "benign/a.png"));
      await assertUserError(() => loadManifest(root, options), /^benign\/a\.png: no such file below /);
      await writeFile(join(root, "malignant/c.png"), (await picture(3)).subarray(0, 60));
      await writeFile(join(root, "malignant/d.png"), "no image");
      await assertUserError(() => loadManifest(root, options), /^benign\/a\.png: .*\(and 2 more: `sonomark data check` lists them\)/);
    }));
});

describe("inspectData", (test) => {
  test("lists every problem in one go, and keeps the images that can be read", () =>
    withData(async (root, options) => {
      await writeFiles(root, {
        "benign/a.png": "no image",
        "malignant/c.png": (await picture(3)).subarray(0, 60),
        "masks/malignant/c.png": await disk(),
        "masks/malignant/d.png": await greyPng(12, 9, () => 0),
      });
      const { manifest, problems } = await inspectData(root, options);
      assert.equal(
        manifest.images.map((image) => image.id),
        ["benign/b", "malignant/d"],
      );
      assert.equal(
        problems.map(({ level, message }) => `${level} ${message.split(":")[0]}`),
        ["error benign/a.png", "error malignant/c.png", "warning masks/malignant/d.png"],
      );
      assert.match(problems[2].message, /the mask is empty, though malignant\/d is malignant/);
    }));
  test("remembers what it decoded by content, and forgets a damaged memory", () =>
    withData(async (root, options) => {
      const first = await inspectData(root, options);
      const [memory] = await readdir(join(options.cache, "facts"));
      const file = join(options.cache, "facts", memory);
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replaceAll('"width":20', '"width":21'));
      assert.is((await inspectData(root, options)).manifest.images[1].width, 21, "the memory is asked");
      await writeFile(file, text.slice(0, -9));
      assert.equal(await inspectData(root, options), first);
      assert.is(await readFile(file, "utf8").then((again) => again.length), text.length);
    }));
  test("works where the cache cannot be written", () =>
    withData(async (root) => {
      const cache = join(root, "..", "file");
      await writeFile(cache, "");
      assert.is((await inspectData(root, { cache })).manifest.images.length, 4);
    }));
});

describe("the sample", (test) => {
  test("is 128 images of 64 patients, half of them benign, found from any working folder", () =>
    withFolder(async (cache) => {
      const { images, reader, note } = await loadManifest("experiments/sample", { cache, duplicates: "near" });
      assert.is(reader, "bus-bra");
      assert.is(note, "");
      assert.is(images.length, 128);
      for (const label of ["benign", "malignant"])
        assert.is(new Set(images.filter((image) => image.label === label).map((image) => image.group)).size, 32);
      assert.ok(images.every((image) => image.masks.length === 1));
    }));
});

const busiRoot = join(process.env.SONOMARK_DATA ?? join(packageRoot, "../shared/data"), "busi/Dataset_BUSI_with_GT");
const busiThere = await readdir(busiRoot).then(
  () => true,
  () => false,
);
if (!busiThere) console.log(`skipped: BUSI is not at ${busiRoot} (set SONOMARK_DATA)`);
else
  describe("BUSI", (test) => {
    test("is 437 benign, 210 malignant and 133 normal images with 798 masks, one pair of them in two classes", async () => {
      const { manifest, problems } = await inspectData(busiRoot);
      const count = (label: string) => manifest.images.filter((image) => image.label === label).length;
      assert.equal(["benign", "malignant", "normal"].map(count), [437, 210, 133]);
      assert.is(
        manifest.images.reduce((sum, image) => sum + image.masks.length, 0),
        798,
      );
      assert.is(manifest.images.filter((image) => image.masks.length > 1).length, 17);
      assert.equal(
        problems.map(({ level }) => level),
        ["warning"],
      );
      assert.match(problems[0].message, /benign \(433\)\.png is benign and malignant\/malignant \(145\)\.png is malignant/);
    });
  });
