import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { realData } from "../testing/real-data.ts";
import { range, rngOf } from "../util/rng.ts";
import { decodeRgb, type RgbImage } from "./decode.ts";
import { abdominalOrgans, decodeOrgans, nearestPalette, type Palette } from "./palette.ts";

/** Distance of a pixel from the nearest colour of an entry. */
function distanceFrom({ pixels }: RgbImage, i: number, { colours }: Palette[number]): number {
  return Math.min(...colours.map((rgb) => Math.hypot(...rgb.map((level, channel) => level - pixels[3 * i + channel]))));
}

const codeOf = (name: string): number => abdominalOrgans.findIndex((entry) => entry.name === name);

describe("nearestPalette", (test) => {
  test("is the entry of the least distance, as a naive search over all of them finds it", () => {
    for (const seed of range(5)) {
      const rng = rngOf(seed, "palette");
      const image = { width: 16, height: 12, pixels: Uint8Array.from({ length: 16 * 12 * 3 }, () => rng.int(256)) };
      const { width, height, pixels } = nearestPalette(image, abdominalOrgans);
      assert.equal([width, height], [16, 12]);
      for (const i of range(16 * 12)) {
        const distances = abdominalOrgans.map((entry) => distanceFrom(image, i, entry));
        assert.is(pixels[i], distances.indexOf(Math.min(...distances)));
      }
    }
  });
  test("takes the first of equally near entries", () => {
    const palette: Palette = [
      { name: "dark", colours: [[0, 0, 0]] },
      { name: "light", colours: [[10, 0, 0]] },
    ];
    assert.equal([...nearestPalette({ width: 3, height: 1, pixels: Uint8Array.of(5, 0, 0, 4, 0, 0, 6, 0, 0) }, palette).pixels], [0, 0, 1]);
  });
  test("refuses an empty palette", () => {
    assert.throws(() => nearestPalette({ width: 0, height: 0, pixels: new Uint8Array() }, []), /1 to 256 entries, got 0/);
  });
});

/** An RGBA PNG of one row. */
const rowPng = (...pixels: readonly (readonly [number, number, number, number])[]) =>
  sharp(Uint8Array.from(pixels.flat()), { raw: { width: pixels.length, height: 1, channels: 4 } })
    .png()
    .toBuffer();

describe("decodeOrgans", (test) => {
  test("knows every colour of the palette, blended edges, and the odd background of one annotation", async () => {
    const exact = abdominalOrgans.map(({ colours: [[red, green, blue]] }) => [red, green, blue, 255] as const);
    const codes = await decodeOrgans(await rowPng(...exact, [253, 253, 0, 255], [80, 0, 80, 255], [10, 0, 10, 255]), "x.png");
    assert.equal([...codes.pixels], [...abdominalOrgans.keys(), codeOf("kidney"), codeOf("liver"), codeOf("background")]);
  });
  test("takes transparent pixels for background", async () => {
    assert.equal([...(await decodeOrgans(await rowPng([255, 255, 0, 0], [255, 255, 0, 255]), "x.png")).pixels], [0, codeOf("kidney")]);
  });
  test("names a file that is no image", () =>
    assertUserError(() => decodeOrgans(Buffer.from("text"), "a/x.png"), /^a\/x\.png: this is no PNG/));
});

const annotations = await realData("ussimandsegm/abdominal_US/abdominal_US/RUS/annotations/test");
if (annotations)
  describe("decodeOrgans on real annotations", (test) => {
    test("finds organs in sane shares, and nearly every pixel close to its colour", async () => {
      const shares = abdominalOrgans.map(() => 0);
      const files = await readdir(annotations);
      for (const file of files) {
        const bytes = await readFile(join(annotations, file));
        const codes = await decodeOrgans(bytes, file);
        const image = await decodeRgb(bytes, file);
        let far = 0;
        const distances = new Map<number, number>();
        for (const [i, code] of codes.pixels.entries()) {
          shares[code] += 1 / codes.pixels.length / files.length;
          const colour = (image.pixels[3 * i] << 16) | (image.pixels[3 * i + 1] << 8) | image.pixels[3 * i + 2];
          if (!distances.has(colour)) distances.set(colour, distanceFrom(image, i, abdominalOrgans[code]));
          if (distances.get(colour)! > 12) far++;
        }
        assert.ok(far / codes.pixels.length < 2e-4, `${file}: ${far} pixels are far from every colour`);
      }
      const [background, liver, kidney, , vessels] = shares;
      assert.ok(background > 0.85 && background < 0.9, `background ${background}`);
      assert.ok(liver > 0.08 && liver < 0.12, `liver ${liver}`);
      assert.ok(kidney > 0.005 && vessels > 0.002, `kidney ${kidney}, vessels ${vessels}`);
      // simulated tissue is in no real image: a few blended edge pixels come near it, a2.png's background must not
      assert.ok(shares[codeOf("simulated tissue")] < 1e-5, `simulated tissue ${shares[codeOf("simulated tissue")]}`);
    });
  });
