import sharp from "sharp";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { dicomFile, ultrasound, type DicomElements, type TinyImage } from "../../testing/dicom-files.ts";
import { decodeGrey } from "../../image/decode.ts";
import { readPixels } from "./read-dicom.ts";

async function greys(image: Omit<TinyImage, "rows">, others: DicomElements = {}): Promise<number[]> {
  const { images, decode } = readPixels(dicomFile({ ...ultrasound({ rows: 1, ...image }), ...others }), "x.dcm");
  return [...(await decode(images[0])).pixels];
}

const window = (centre: number, width: number): DicomElements => ({
  "00281050": ["DS", `${centre}\\1`],
  "00281051": ["DS", `${width}\\1`],
});

describe("grey levels", (test) => {
  const levels = Uint8Array.of(0, 1, 128, 254, 255);
  test("of 8 bits stay as they are, display window or not", async () => {
    assert.equal(await greys({ columns: 5, pixels: levels }), [...levels]);
    assert.equal(await greys({ columns: 5, pixels: levels }, window(127, 20)), [...levels]);
  });
  test("of MONOCHROME1 are turned over", async () => {
    assert.equal(await greys({ columns: 5, pixels: levels, photometric: "MONOCHROME1" }), [255, 254, 127, 1, 0]);
  });
  test("of 16 bits span the bits stored, signed or not", async () => {
    const image = { columns: 4, bits: 16, stored: 12, pixels: Uint16Array.of(0, 2048, 4095, 16) } as const;
    assert.equal(await greys(image), [0, 128, 255, 1]);
    assert.equal(await greys({ ...image, pixels: Uint16Array.of(0x800, 0, 0x7ff, 0x810) }, { "00280103": ["US", 1] }), [0, 128, 255, 1]);
  });
  test("of 16 bits go through the first window, after the rescale", async () => {
    // PS3.3 C.11.2.1.2: ((x - (c - 0.5)) / (w - 1) + 0.5) · 255 with c = 100, w = 101
    const image = { columns: 5, bits: 16, pixels: Uint16Array.of(0, 49, 100, 150, 9999) } as const;
    assert.equal(await greys(image, window(100, 101)), [0, 0, 129, 255, 255]);
    const half = { ...window(100, 101), "00281052": ["DS", "-50"], "00281053": ["DS", "1.5"] } as const;
    assert.equal(await greys({ ...image, pixels: Uint16Array.of(0, 67, 100, 132, 9999) }, half), [0, 3, 129, 251, 255]);
    assert.equal(await greys({ ...image, pixels: Uint16Array.of(0, 98, 99, 100, 101) }, window(100, 1)), [0, 0, 0, 255, 255]);
  });
  test("of colours are what a PNG of the same pixels gives, and grey colours keep their level", async () => {
    const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50, 77, 77, 77);
    const png = await sharp(rgb, { raw: { width: 5, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const expected = [...(await decodeGrey(png, "x.png")).pixels];
    assert.equal(await greys({ columns: 5, samples: 3, pixels: rgb }), expected);
    assert.is(expected[4], 77);
    const deep = Uint16Array.from(rgb, (v) => v * 257);
    assert.equal(await greys({ columns: 5, samples: 3, bits: 16, pixels: deep }), expected);
  });
  test("of a palette are those of its colours, of 8 bits or 16", async () => {
    for (const factor of [1, 257]) {
      const tables = Object.fromEntries(
        [1, 2, 3].flatMap((colour) => [
          [`0028110${colour}`, ["US", [4, 0, 16]] as const],
          [`0028120${colour}`, ["OW", Uint16Array.of(0, 60, 120, 255).map((v) => v * factor)] as const],
        ]),
      );
      const pixels = Uint8Array.of(3, 2, 1, 0);
      assert.equal(await greys({ columns: 4, photometric: "PALETTE COLOR", pixels }, tables), [255, 120, 60, 0]);
    }
  });
  test("show no overlay", async () => {
    const overlay = { "60000010": ["US", 1], "60000011": ["US", 5], "60003000": ["OW", Uint16Array.of(0xffff)] } as const;
    assert.equal(await greys({ columns: 5, pixels: levels }, overlay), [...levels]);
  });
});
