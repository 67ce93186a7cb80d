import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { select, type Frames } from "./frames.ts";
import { loadFrame, loadFrames } from "./load.ts";
import { loadManifest } from "../load.ts";
import type { Manifest } from "../manifest.ts";

/** Three images as BUSI lays them out: one wide, one high, one with two masks. */
function withFrames(body: (manifest: Manifest, cache: string, root: string) => Promise<void>): Promise<void> {
  return withFolder(async (home) => {
    const root = join(home, "data");
    const box = (width: number, height: number, x0: number, x1: number) => greyPng(width, height, (x) => (x >= x0 && x < x1 ? 255 : 0));
    await writeFiles(root, {
      "benign/benign (1).png": await greyPng(64, 32, () => 100),
      "benign/benign (1)_mask.png": await box(64, 32, 16, 32),
      "benign/benign (2).png": await greyPng(32, 64, () => 150),
      "benign/benign (2)_mask.png": await box(32, 64, 0, 32),
      "malignant/malignant (1).png": await greyPng(32, 32, () => 200),
      "malignant/malignant (1)_mask.png": await box(32, 32, 0, 4),
      "malignant/malignant (1)_mask_1.png": await box(32, 32, 28, 32),
    });
    const cache = join(home, "cache");
    await body(await loadManifest(root, { cache }), cache, root);
  });
}

const planes = ["pixels", "lesion", "inside"] as const;
const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);
const plane = (frames: Frames, name: (typeof planes)[number], i: number) =>
  frames[name].subarray(i * frames.size ** 2, (i + 1) * frames.size ** 2);
const levels = (frames: Frames, i: number) => new Set(plane(frames, "pixels", i));

describe("loadFrames", (test) => {
  test("fits images in their order, marks what they show, and pads with 0", () =>
    withFrames(async (manifest, cache) => {
      const frames = await loadFrames(manifest, 32, { cache });
      assert.equal([frames.n, frames.size], [3, 32]);
      assert.equal(
        [0, 1, 2].map((i) => sum(plane(frames, "inside", i))),
        [32 * 16, 16 * 32, 32 * 32],
      );
      assert.equal([...levels(frames, 0)], [0, 100]);
      assert.equal([...levels(frames, 1)], [0, 150]);
      assert.equal([...levels(frames, 2)], [200]);
      frames.pixels.forEach((level, i) => assert.is(level > 0, frames.inside[i] === 1));
    }));
  test("unites the masks of an image, in place", () =>
    withFrames(async (manifest, cache) => {
      const frames = await loadFrames(manifest, 32, { cache });
      assert.is(sum(plane(frames, "lesion", 0)), 8 * 16);
      const row = plane(frames, "lesion", 2).subarray(0, 32);
      assert.is(row.join(""), `1111${"0".repeat(24)}1111`);
    }));
  test("takes a second load from the cache, and makes damaged or short cache files again", () =>
    withFrames(async (manifest, cache) => {
      const first = await loadFrames(manifest, 32, { cache });
      let decoded = 0;
      const again = () => loadFrames(manifest, 32, { cache, progress: () => decoded++ });
      assert.equal(await again(), first);
      assert.is(decoded, 0);
      const [name] = await readdir(join(cache, "frames"));
      const file = join(cache, "frames", name);
      const whole = await readFile(file);
      for (const damaged of [Buffer.from(whole).fill(7, 100, 101), whole.subarray(0, 999), Buffer.alloc(0)]) {
        decoded = 0;
        await writeFile(file, damaged);
        assert.equal(await again(), first);
        assert.is(decoded, 3);
        assert.equal(await readFile(file), whole);
      }
    }));
  test("keeps sizes, and parts of a manifest, apart in the cache", () =>
    withFrames(async (manifest, cache) => {
      await loadFrames(manifest, 32, { cache });
      assert.is((await loadFrames(manifest, 64, { cache })).size, 64);
      const part = await loadFrames({ ...manifest, images: manifest.images.slice(2) }, 32, { cache });
      assert.equal([...levels(part, 0)], [200]);
      assert.is((await loadFrames(manifest, 32, { cache })).n, 3);
      assert.is((await readdir(join(cache, "frames"))).length, 3);
    }));
  test("works where the cache cannot be written", () =>
    withFrames(async (manifest, _, root) => {
      const cache = join(root, "benign/benign (1).png");
      assert.is((await loadFrames(manifest, 32, { cache })).n, 3);
    }));
  test("tells its progress image by image", () =>
    withFrames(async (manifest, cache) => {
      const seen: string[] = [];
      await loadFrames(manifest, 32, { cache, progress: (done, total) => void seen.push(`${done}/${total}`) });
      assert.equal(seen, ["1/3", "2/3", "3/3"]);
    }));
  test("decodes nothing again where labels and groups change, and what a changed mask asks for", () =>
    withFrames(async (manifest, cache, root) => {
      const before = await loadFrames(manifest, 32, { cache });
      let decoded = 0;
      const again = (changed: Manifest) => loadFrames(changed, 32, { cache, progress: () => decoded++ });
      const grouped = manifest.images.map((image) => ({ ...image, id: `new ${image.id}`, label: "x", group: "g" }));
      assert.equal(await again({ ...manifest, images: grouped, digest: "another" }), before);
      assert.is(decoded, 0);
      await writeFile(join(root, "benign/benign (2)_mask.png"), await greyPng(32, 64, () => 0));
      const after = await again(await loadManifest(root, { cache }));
      assert.is(decoded, 3);
      assert.is(sum(plane(after, "lesion", 1)), 0);
    }));
  test("stops where an image or mask changed after the manifest was made, and leaves no cache behind", () =>
    withFrames(async (manifest, cache, root) => {
      await writeFile(join(root, "malignant/malignant (1)_mask_1.png"), await greyPng(32, 32, () => 0));
      await assertUserError(() => loadFrames(manifest, 32, { cache }), /^malignant\/malignant \(1\)_mask_1\.png: the file has changed/);
      await writeFile(join(root, "benign/benign (2).png"), await greyPng(32, 64, () => 151));
      await assertUserError(
        () => loadFrames({ ...manifest, images: manifest.images.slice(1, 2) }, 32, { cache }),
        /\(2\)\.png: the file has changed/,
      );
      assert.is(await readdir(join(cache, "frames")).catch(() => "none"), "none");
    }));
});

describe("loadFrame", (test) => {
  test("gives the same frame as loadFrames, and caches nothing", () =>
    withFrames(async (manifest, cache) => {
      const one = await loadFrame(manifest, manifest.images[1], 32);
      assert.is(await readdir(join(cache, "frames")).catch(() => "none"), "none");
      const all = await loadFrames(manifest, 32, { cache });
      for (const name of planes) assert.equal(one[name], plane(all, name, 1).slice());
    }));
});

describe("select", (test) => {
  test("copies frames in the order that is asked for, repeats allowed", () =>
    withFrames(async (manifest, cache) => {
      const frames = await loadFrames(manifest, 32, { cache });
      const chosen = select(frames, [2, 0, 2]);
      assert.is(chosen.n, 3);
      for (const name of planes) [2, 0, 2].forEach((from, to) => assert.equal(plane(chosen, name, to), plane(frames, name, from)));
      chosen.pixels.fill(0);
      assert.is(frames.pixels[32 * 32 * 2], 200);
    }));
  test("refuses an index outside", () => {
    const frames = { n: 1, size: 1, pixels: new Uint8Array(1), lesion: new Uint8Array(1), inside: new Uint8Array(1) };
    for (const index of [1, -1, 0.5, NaN]) assert.throws(() => select(frames, [index]), /select: indices must be integers in 0 … 0, got/);
  });
});
