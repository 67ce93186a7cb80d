/** @file What a network sees of a file, and that the metadata of exported models tell it truly. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { loadFrame } from "../data/frames/load.ts";
import { loadManifest } from "../data/load.ts";
import { decodeGrey } from "../image/decode.ts";
import { boxOf } from "../image/letterbox.ts";
import { assertClose, assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { dicomFile, ultrasound } from "../testing/dicom-files.ts";
import { greyPng, withFolder, writeFiles } from "../testing/picture-files.ts";
import { framesOf, type PredictedFrame } from "./frames-of.ts";

async function all(bytes: Uint8Array, name: string, size: number): Promise<PredictedFrame[]> {
  const frames: PredictedFrame[] = [];
  for await (const frame of framesOf(bytes, name, size)) frames.push(frame);
  return frames;
}

describe("framesOf", (test) => {
  test("gives the frame that training makes of the same file", () =>
    withFolder(async (folder) => {
      const picture = (k: number) => greyPng(47, 31, (x, y) => (x * 5 + y * (7 + k)) % 256);
      await writeFiles(join(folder, "set"), { "benign/a.png": await picture(0), "malignant/b.png": await picture(1) });
      const manifest = await loadManifest(join(folder, "set"), { cache: join(folder, "cache") });
      for (const image of manifest.images) {
        const [{ levels }] = await all(await readFile(join(folder, "set", image.path)), image.path, 32);
        assert.equal(levels, (await loadFrame(manifest, image, 32)).pixels);
      }
    }));
  test("gives a frame for each frame of a DICOM file, called by its number", async () => {
    const pixels = Uint8Array.of(...Array<number>(16).fill(50), ...Array<number>(16).fill(200));
    const bytes = dicomFile(ultrasound({ rows: 4, columns: 4, frames: 2, pixels }));
    const frames = await all(bytes, "cine.dcm", 4);
    assert.equal(
      frames.map(({ name, levels }) => [name, levels[5]]),
      [
        ["cine.dcm#frame=1", 50],
        ["cine.dcm#frame=2", 200],
      ],
    );
  });
  test("refuses what is no image, and a DICOM file that is cut short", async () => {
    await assertUserError(() => all(Buffer.from("text"), "a.txt", 8), /^a\.txt: this is no PNG, JPEG, TIFF or BMP image/);
    const bytes = dicomFile(ultrasound({ rows: 4, columns: 4, pixels: new Uint8Array(16) }));
    await assertUserError(() => all(bytes.subarray(0, bytes.length - 8), "a.dcm", 8), /^a\.dcm: .*damaged or cut short/);
  });
});

describe("preprocessing, as exported models tell it,", (test) => {
  test("makes colours grey by luminance in linear light, within a level", async () => {
    const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50, 10, 200, 30, 255, 255, 0, 0, 255, 255, 120, 120, 121];
    const n = colours.length / 3;
    const png = sharp(Uint8Array.from(colours), { raw: { width: n, height: 1, channels: 3 } }).png();
    const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); // IEC 61966-2-1
    const curve = (v: number) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
    const expected = Array.from({ length: n }, (_, i) => {
      const [r, g, b] = [0, 1, 2].map((c) => linear(colours[3 * i + c] / 255));
      return 255 * curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
    });
    assertClose((await decodeGrey(await png.toBuffer(), "x.png")).pixels, expected, { atol: 1 });
  });
  test("makes 8 bits of 16: level / 257, within one level", async () => {
    const levels = Uint16Array.from({ length: 65_536 }, (_, level) => level);
    const png = sharp(levels, { raw: { width: 256, height: 256, channels: 1 } })
      .toColourspace("grey16")
      .png();
    const expected = Array.from(levels, (level) => level / 257);
    assertClose((await decodeGrey(await png.toBuffer(), "x.png")).pixels, expected, { atol: 0.92 });
  });
  test("centres the picture, an odd pixel left over at the right or at the bottom, sides rounded half up", () => {
    assert.equal(boxOf({ width: 100, height: 50 }, 33), { x: 0, y: 8, width: 33, height: 17 }); // 16.5 is 17; 16 are left: 8 and 8
    assert.equal(boxOf({ width: 50, height: 100 }, 64), { x: 16, y: 0, width: 32, height: 64 });
    assert.equal(boxOf({ width: 64, height: 63 }, 64), { x: 0, y: 0, width: 64, height: 63 }); // the one that is left lies at the bottom
    assert.equal(boxOf({ width: 1000, height: 1 }, 32).height, 1);
  });
});
