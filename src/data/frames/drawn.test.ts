import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../../testing/picture-files.ts";
import { speckle } from "../../testing/speckle.ts";
import { packageRoot } from "../../util/files.ts";
import { range, rngOf } from "../../util/rng.ts";
import { loadManifest } from "../load.ts";
import { openDrawn, withDrawn } from "./drawn.ts";
import { openFrames } from "./load.ts";

const [WIDTH, HEIGHT, SIZE] = [240, 160, 32];
/** Two calipers as crosses of 13 pixels, lines one pixel wide. */
const calipers = [
  [60, 50],
  [170, 110],
];
const isCaliper = (x: number, y: number): boolean =>
  calipers.some(([column, row]) => (x === column && Math.abs(y - row) <= 6) || (y === row && Math.abs(x - column) <= 6));
const tissue = speckle(WIDTH, HEIGHT, rngOf(1, "phantom")).pixels;
const png = (level: (x: number, y: number) => number) => greyPng(WIDTH, HEIGHT, level);

describe("openDrawn", (test) => {
  test("covers each pixel of calipers where it lies in the frame, and little else; nothing of an image without", () =>
    withFolder(async (home) => {
      const root = join(home, "data");
      const cache = join(home, "cache");
      await writeFiles(root, {
        "benign/clean.png": await png((x, y) => tissue[y * WIDTH + x]),
        "benign/measured.png": await png((x, y) => (isCaliper(x, y) ? 235 : tissue[y * WIDTH + x])),
      });
      const manifest = await loadManifest(`folder:${root}`, { cache });
      const frames = await openFrames(manifest, SIZE, { cache });
      let decoded = 0;
      const counting = { cache, progress: () => void decoded++ };
      const store = withDrawn(frames, await openDrawn(manifest, SIZE, counting));
      assert.is(decoded, 2, "the frames of the images were taken for their drawings");

      const area = SIZE * SIZE;
      const [measured, clean] = [store.drawnOf([1]), store.drawnOf([0])];
      assert.equal(new Set(measured), new Set([0, 1]));
      assert.not.ok(clean.includes(1));
      assert.equal(store.drawnOf([1, 0, 1]), Uint8Array.from([...measured, ...clean, ...measured]));
      // 240 × 160 pixels become 32 × 21 from row 5 on
      const under = new Set(
        range(WIDTH * HEIGHT)
          .filter((p) => isCaliper(p % WIDTH, Math.floor(p / WIDTH)))
          .map(
            (p) =>
              (5 + Math.floor(((Math.floor(p / WIDTH) + 0.5) * 21) / HEIGHT)) * SIZE + Math.floor((((p % WIDTH) + 0.5) * SIZE) / WIDTH),
          ),
      );
      for (const p of under) assert.is(measured[p], 1, `frame pixel ${p}`);
      const covered = range(area).filter((p) => measured[p]);
      assert.ok(covered.length <= 3 * under.size, `${covered.length} pixels are covered for ${under.size}`);
      assert.equal(store.pixelsOf([1]), frames.pixelsOf([1]));
      await store.close();

      // what is known of an image outlives its files
      await rm(root, { recursive: true });
      const again = await openDrawn(manifest, SIZE, counting);
      assert.equal([again.pixelsOf([1]), decoded], [measured, 2]);
      await again.close();
    }));
  test("covers something of images of BUS-BRA that have calipers or text, and leaves most of each alone", () =>
    withFolder(async (home) => {
      const cache = join(home, "cache");
      for (const name of ["bus_0002-l.png", "bus_0036-l.png", "bus_0086-l.png"])
        await writeFiles(home, { [`set/benign/${name}`]: await readFile(join(packageRoot, "experiments/sample/BUSBRA/Images", name)) });
      const store = await openDrawn(await loadManifest(`folder:${home}/set`, { cache }), 64, { cache });
      const shares = range(store.n).map((i) => store.pixelsOf([i]).reduce((sum, value) => sum + value, 0) / 64 ** 2);
      await store.close();
      for (const share of shares) assert.ok(share > 0.002 && share < 0.1, shares.join());
    }));
});
