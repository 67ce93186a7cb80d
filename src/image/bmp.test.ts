import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { drawn } from "../testing/picture-files.ts";
import type { UserError } from "../util/user-error.ts";
import { decodeGrey, decodeMask, decodeRgb } from "./decode.ts";

interface Shape {
  width: number;
  height: number;
  bits: number;
  /** blue, green, red, 0 of each entry */
  palette?: Uint8Array;
  compression?: number;
  /** bytes of the image header; 124 names the bits of each colour */
  header?: number;
}

/** A bitmap file as Windows writes it. @param rows bytes of each row from the top, without padding */
function bmp(
  { width, height, bits, palette = new Uint8Array(), compression = 0, header = 40 }: Shape,
  rows: readonly Uint8Array[],
): Buffer {
  const offset = 14 + header + palette.length;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const file = Buffer.alloc(offset + stride * rows.length);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(offset, 10);
  file.writeUInt32LE(header, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  file.writeUInt32LE(compression, 30);
  if (header === 124) [0xff0000, 0xff00, 0xff, 0xff000000].forEach((mask, i) => file.writeUInt32LE(mask, 54 + 4 * i));
  file.set(palette, 14 + header);
  rows.forEach((row, y) => file.set(row.subarray(0, stride), offset + stride * (rows.length - 1 - y)));
  return file;
}

const [WIDTH, HEIGHT] = [5, 3]; // rows of 5 and 15 bytes: both are padded
const grey = (x: number, y: number) => (x * 40 + y * 13) % 256;
const truth = drawn(WIDTH, HEIGHT, grey);
const rowsOf = (bytesOf: (x: number, y: number) => number[], width = WIDTH, height = HEIGHT) =>
  Array.from({ length: height }, (_, y) => Uint8Array.from(Array.from({ length: width }, (_column, x) => bytesOf(x, y)).flat()));
const greyPalette = Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 0 : i >> 2));
const shape = { width: WIDTH, height: HEIGHT };
const grey8 = () =>
  bmp(
    { ...shape, bits: 8, palette: greyPalette },
    rowsOf((x, y) => [grey(x, y)]),
  );
const grey24 = () =>
  bmp(
    { ...shape, bits: 24 },
    rowsOf((x, y) => [grey(x, y), grey(x, y), grey(x, y)]),
  );

async function refused(file: Uint8Array, status: number, message: RegExp): Promise<void> {
  await assertUserError(() => decodeGrey(file, "a.bmp"), message);
  assert.is(await decodeGrey(file, "a.bmp").catch((error: UserError) => error.status), status);
}

describe("decodeGrey of a BMP", (test) => {
  test("keeps grey levels exactly, through a palette and through 24 bits", async () => {
    for (const file of [grey8(), grey24()]) {
      const { width, height, pixels } = await decodeGrey(file, "a.bmp");
      assert.equal([width, height], [WIDTH, HEIGHT]);
      assert.equal(pixels, truth);
    }
  });
  test("follows a palette that is not in order", async () => {
    const reversed = greyPalette.slice().reverse(); // unused byte first: levels 255 … 0 in bytes 1 to 3
    const palette = Uint8Array.from(reversed, (_, i) => (i % 4 === 3 ? 0 : reversed[i + 1]));
    const file = bmp(
      { ...shape, bits: 8, palette },
      rowsOf((x, y) => [255 - grey(x, y)]),
    );
    assert.equal((await decodeGrey(file, "a.bmp")).pixels, truth);
  });
  test("gives colours as a PNG of them does", async () => {
    const colour = (x: number, y: number) => [x * 50, y * 90, 255 - x * 30];
    const file = bmp(
      { ...shape, bits: 24 },
      rowsOf((x, y) => colour(x, y).reverse()),
    );
    const rgb = Uint8Array.from(rowsOf(colour).flatMap((row) => [...row]));
    const png = await sharp(rgb, { raw: { ...shape, channels: 3 } })
      .png()
      .toBuffer();
    assert.equal((await decodeRgb(file, "a.bmp")).pixels, rgb);
    assert.equal((await decodeGrey(file, "a.bmp")).pixels, (await decodeGrey(png, "a.png")).pixels);
  });
  test("makes transparent pixels black", async () => {
    const file = bmp({ width: 2, height: 1, bits: 32, compression: 3, header: 124 }, [Uint8Array.of(200, 200, 200, 255, 200, 200, 200, 0)]);
    assert.equal([...(await decodeGrey(file, "a.bmp")).pixels], [200, 0]);
  });
  test("refuses a header of too many pixels before decoding, with 413", async () => {
    const file = grey8();
    file.writeInt32LE(60_000, 18);
    file.writeInt32LE(60_000, 22);
    await refused(file, 413, /^a\.bmp: the image has 60000 × 60000 = 3600 megapixels, over the limit of 50/);
  });
  test("refuses a file that is cut short anywhere, with a sentence that names it", async () => {
    for (const whole of [grey8(), grey24()]) {
      for (let length = 54; length < whole.length - 3; length++)
        await refused(whole.subarray(0, length), 422, /^a\.bmp: the image is damaged or cut short/);
      for (const length of [2, 14, 20, 53])
        await refused(whole.subarray(0, length), 415, /^a\.bmp: this is no PNG, JPEG, TIFF or BMP image/);
    }
  });
  test("refuses what it would read wrongly: compressed, from the top, 16 or plain 32 bits a pixel, of OS/2", async () => {
    const rows = rowsOf(() => [0, 0, 0, 0]);
    const files = [
      bmp({ ...shape, bits: 8, palette: greyPalette, compression: 1 }, rows),
      bmp({ ...shape, height: -HEIGHT, bits: 24 }, rows),
      bmp({ ...shape, bits: 16 }, rows),
      bmp({ ...shape, bits: 32 }, rows),
      bmp({ ...shape, bits: 24, header: 12 }, rows),
      bmp({ width: 0, height: HEIGHT, bits: 24 }, rows),
    ];
    for (const file of files)
      await refused(file, 415, /^a\.bmp: this is no PNG, JPEG, TIFF or BMP image that can be read; convert it to PNG/);
  });
});

describe("decodeMask of a BMP", (test) => {
  test("reads one bit, and 0 and 255 in 8 bits, alike", async () => {
    const square = (x: number, y: number) => (x >= 4 && x < 38 && y > 0 ? 1 : 0); // 40 columns: more than one word of bits
    const bits = rowsOf((x, y) => [square(x, y)], 40).map((row) =>
      Uint8Array.from({ length: 8 }, (_, b) =>
        Array.from({ length: 8 }, (_bit, k) => (row[8 * b + k] ?? 0) << (7 - k)).reduce((a, v) => a | v),
      ),
    );
    const files = [
      bmp({ width: 40, height: HEIGHT, bits: 1, palette: Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 0) }, bits),
      bmp(
        { width: 40, height: HEIGHT, bits: 8, palette: greyPalette },
        rowsOf((x, y) => [255 * square(x, y)], 40),
      ),
    ];
    for (const file of files) assert.equal((await decodeMask(file, "m.bmp")).pixels, drawn(40, HEIGHT, square));
  });
});
