import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { drawn, greyPng, pngHeader } from "../testing/picture-files.ts";
import type { UserError } from "../util/user-error.ts";
import { decodeGrey, decodeMask } from "./decode.ts";

const ramp = (x: number, y: number) => (x * 16 + y) % 256;
const rampPixels = drawn(16, 9, ramp);
const raw = (pixels: Uint8Array, width: number, height: number, channels: 1 | 3 | 4) => sharp(pixels, { raw: { width, height, channels } });

/** An uncompressed grey TIFF of one row. @param format 1 unsigned, 2 signed, 3 floating point */
function tiffRow(samples: Uint16Array | Int16Array | Float32Array, format: number): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const entries: [tag: number, value: number][] = [
    [256, samples.length], // width
    [257, 1], // height
    [258, 8 * samples.BYTES_PER_ELEMENT],
    [259, 1], // no compression
    [262, 1], // 0 is black
    [273, 8], // where the strip begins
    [277, 1], // one sample a pixel
    [278, 1], // rows a strip
    [279, data.length],
    [339, format],
  ];
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length);
  entries.forEach(([tag, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(4, 4 + 12 * i); // unsigned, 32 bits
    directory.writeUInt32LE(1, 6 + 12 * i);
    directory.writeUInt32LE(value, 10 + 12 * i);
  });
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(8 + data.length, 4);
  return Buffer.concat([header, data, directory]);
}

async function statusOf(body: () => Promise<unknown>): Promise<number> {
  try {
    await body();
  } catch (error) {
    return (error as UserError).status;
  }
  return 200;
}

describe("decodeGrey", (test) => {
  test("keeps the levels of a grey PNG exactly", async () => {
    const { width, height, pixels } = await decodeGrey(await greyPng(16, 9, ramp), "a.png");
    assert.equal([width, height], [16, 9]);
    assert.equal(pixels, rampPixels);
  });
  test("keeps them through grey TIFF, and through colour and palette PNG whose channels are equal", async () => {
    const colour = Uint8Array.from({ length: 16 * 9 * 3 }, (_, i) => rampPixels[Math.floor(i / 3)]);
    const files = [
      await raw(rampPixels, 16, 9, 1).tiff({ compression: "lzw" }).toBuffer(),
      await raw(colour, 16, 9, 3).png().toBuffer(),
      await raw(rampPixels, 16, 9, 1).png({ palette: true, colours: 256 }).toBuffer(),
    ];
    for (const file of files) assert.equal((await decodeGrey(file, "a")).pixels, rampPixels);
  });
  test("reads JPEG within its loss", async () => {
    const { pixels } = await decodeGrey(await raw(rampPixels, 16, 9, 1).jpeg({ quality: 100 }).toBuffer(), "a.jpg");
    assert.ok(pixels.every((value, i) => Math.abs(value - rampPixels[i]) <= 4));
  });
  test("rounds 16-bit grey, in PNG and TIFF, to the nearest of 8 bits", async () => {
    const levels = Uint16Array.of(0, 127, 128, 383, 384, 0x1234, 0x7fff, 0xff7f, 0xff80, 0xffff);
    const png = await sharp(levels, { raw: { width: levels.length, height: 1, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    assert.is((await sharp(png).metadata()).depth, "ushort");
    for (const file of [png, tiffRow(levels, 1)])
      assert.equal(
        [...(await decodeGrey(file, "a")).pixels],
        [...levels].map((level) => Math.min(255, (level + 128) >> 8)),
      );
  });
  test("refuses signed and floating-point TIFF, whose levels could mean anything, with 415", async () => {
    for (const file of [tiffRow(Float32Array.of(0, 0.5, 1), 3), tiffRow(Int16Array.of(-5, 0, 5), 2)]) {
      await assertUserError(() => decodeGrey(file, "a.tif"), /^a\.tif: the pixels are stored as (float|short), whose grey levels/);
      assert.is(await statusOf(() => decodeGrey(file, "a.tif")), 415);
    }
  });
  test("ranks colours by luminance: green over red over blue", async () => {
    const file = await raw(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255), 3, 1, 3)
      .png()
      .toBuffer();
    const [red, green, blue] = (await decodeGrey(file, "a.png")).pixels;
    assert.ok(green > red && red > blue && blue > 0, `${red} ${green} ${blue}`);
  });
  test("makes transparent pixels black", async () => {
    const file = await raw(Uint8Array.of(200, 200, 200, 255, 200, 200, 200, 0), 2, 1, 4)
      .png()
      .toBuffer();
    assert.equal([...(await decodeGrey(file, "a.png")).pixels], [200, 0]);
  });
  test("turns the image as EXIF says", async () => {
    // orientation 6: to be turned a quarter clockwise, so the left column, read upwards, becomes the top row
    const file = await raw(
      drawn(16, 8, (_, y) => y * 30),
      16,
      8,
      1,
    )
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { width, height, pixels } = await decodeGrey(file, "a.jpg");
    assert.equal([width, height], [8, 16]);
    assert.ok(pixels[0] > 200 && pixels[7] < 10, pixels.slice(0, 8).join());
  });
  test("refuses what is no image, and an empty file, with 415", async () => {
    for (const bytes of [Buffer.from("hello, I am a text"), Buffer.alloc(0), Buffer.alloc(5000)]) {
      await assertUserError(() => decodeGrey(bytes, "x.png"), /^x\.png: /);
      assert.is(await statusOf(() => decodeGrey(bytes, "x.png")), 415);
    }
  });
  test("refuses SVG, GIF and WebP: their loaders are off", async () => {
    const picture = raw(rampPixels, 16, 9, 1);
    const files = [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
      await picture.clone().gif().toBuffer(),
      await picture.clone().webp().toBuffer(),
    ];
    for (const file of files) {
      await assertUserError(() => decodeGrey(file, "x"), /^x: this is no PNG, JPEG, TIFF or BMP image/);
      assert.is(await statusOf(() => decodeGrey(file, "x")), 415);
    }
  });
  test("refuses a header of 100 megapixels before decoding, and tells size and limit, with 413", async () => {
    const bytes = pngHeader(10_000, 10_000);
    await assertUserError(
      () => decodeGrey(bytes, "huge.png"),
      /^huge\.png: the image has 10000 × 10000 = 100 megapixels, over the limit of 50/,
    );
    assert.is(await statusOf(() => decodeGrey(bytes, "huge.png")), 413);
    assert.is(await statusOf(() => decodeGrey(pngHeader(60_000, 60_000), "huge.png")), 413);
  });
  test("the crafted header is a true PNG at a small size", async () => {
    assert.is((await decodeGrey(pngHeader(9, 10), "small.png")).pixels.length, 90);
  });
  test("refuses a truncated PNG, JPEG and TIFF, and a PNG with a flipped byte, with 422", async () => {
    const noise = drawn(200, 200, (x, y) => (x * x * 7 + y * y * 13 + x * y) % 256);
    const whole = raw(noise, 200, 200, 1);
    const png = await whole.clone().png().toBuffer();
    const flipped = Buffer.from(png);
    flipped[png.length >> 1] ^= 0xff;
    const files = [
      png.subarray(0, png.length * 0.7),
      await whole
        .clone()
        .jpeg()
        .toBuffer()
        .then((file) => file.subarray(0, file.length * 0.7)),
      flipped,
    ];
    for (const file of files) {
      await assertUserError(() => decodeGrey(file, "cut.png"), /^cut\.png: the image is damaged or cut short/);
      assert.is(await statusOf(() => decodeGrey(file, "cut.png")), 422);
    }
    const tiff = await whole.clone().tiff({ compression: "lzw" }).toBuffer();
    await assertUserError(() => decodeGrey(tiff.subarray(0, tiff.length * 0.7), "cut.tiff"), /^cut\.tiff: /);
  });
});

describe("decodeMask", (test) => {
  const square = (x: number, y: number) => (x >= 4 && x < 8 && y >= 2 && y < 6 ? 1 : 0);
  const truth = drawn(16, 9, square);

  test("reads masks of 0 and 255, of 0 and 1, and palette files alike", async () => {
    const files = [
      await greyPng(16, 9, (x, y) => 255 * square(x, y)),
      await greyPng(16, 9, square),
      await raw(
        truth.map((v) => 255 * v),
        16,
        9,
        1,
      )
        .png({ palette: true, colours: 2 })
        .toBuffer(),
    ];
    for (const file of files) assert.equal((await decodeMask(file, "m.png")).pixels, truth);
  });
  test("draws the line at 127, so that the noise of a JPEG mask is background", async () => {
    const mask = await decodeMask(await greyPng(4, 1, (x) => [0, 12, 127, 128][x]), "m.png");
    assert.equal([...mask.pixels], [0, 0, 0, 1]);
  });
  test("takes transparent pixels as background", async () => {
    const file = await raw(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0), 2, 1, 4)
      .png()
      .toBuffer();
    assert.equal([...(await decodeMask(file, "m.png")).pixels], [1, 0]);
  });
  test("gives an empty mask for an all-zero file", async () => {
    assert.is(
      (await decodeMask(await greyPng(5, 5, () => 0), "m.png")).pixels.some((v) => v > 0),
      false,
    );
  });
});
