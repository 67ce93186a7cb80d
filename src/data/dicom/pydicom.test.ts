import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../util/files.ts";
import { sha256 } from "../../util/hash.ts";
import { assertClose } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { realData } from "../../testing/real-data.ts";
import { ybrToRgb, type Samples } from "./colour.ts";
import { openDataSet } from "./data-set.ts";
import { applyPalette, readPalette } from "./palette.ts";
import { readDicom } from "./read-dicom.ts";

/** What fixtures/pydicom.py prints. */
interface Golden {
  files: Record<
    string,
    { shape: number[]; photometric: string; frames: string[]; palette: string[] | null; regions: number[][]; transferSyntax: string }
  >;
  ybrFull: string;
}

const golden = JSON.parse(await readFile(join(packageRoot, "src/data/dicom/fixtures/pydicom.json"), "utf8")) as Golden;
const folder = await realData("dicom");
const salt = new Uint8Array(32);
const hash = (data: Samples): string => sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

describe("ybrToRgb", (test) => {
  test("equals pydicom on every 5th value of each channel", () => {
    const axis = [...Array.from({ length: 52 }, (_, i) => 5 * i)];
    const triples = Uint8Array.from(axis.flatMap((y) => axis.flatMap((cb) => axis.flatMap((cr) => [y, cb, cr]))));
    ybrToRgb(triples);
    assert.is(hash(triples), golden.ybrFull);
  });
});

describe("readDicom on real files", (test) => {
  for (const [name, expected] of Object.entries(folder ? golden.files : {}))
    test(`gives the samples, colours, boxes and scale of ${name} as pydicom does`, async () => {
      const bytes = await readFile(join(folder!, name));
      const dicom = readDicom(bytes, name, { salt });
      const [rows, columns] = expected.shape;
      assert.equal([dicom.attributes.rows, dicom.attributes.columns, dicom.attributes.frames], [rows, columns, expected.frames.length]);
      assert.is(dicom.attributes.photometric, expected.photometric);
      const frames = await Promise.all(expected.frames.map((_, i) => dicom.samples(i)));
      assert.equal(
        frames.map(({ data }) => hash(data)),
        expected.frames,
      );
      if (expected.photometric === "PALETTE COLOR") {
        // pydicom reads the palette of the big-endian file wrongly; the same image in little endian is its oracle
        const palettes = expected.palette ?? golden.files["OBXXXX1A.dcm"].palette;
        const palette = readPalette(openDataSet(bytes, name), { signed: false, name });
        assert.equal(
          frames.map(({ data }) => hash(applyPalette(data, palette))),
          palettes,
        );
      }
      const flat = expected.regions.filter(([format]) => format === 1);
      const boxes = flat.map(([, x0, y0, x1, y1]) => [x0, y0, Math.min(x1 + 1, columns) - x0, Math.min(y1 + 1, rows) - y0]);
      const whole = [[0, 0, columns, rows]];
      const first = dicom.images.filter(({ frame }) => frame === 0);
      assert.equal(
        first.map(({ box: { x, y, width, height } }) => [x, y, width, height]),
        boxes.length > 0 ? boxes : whole,
      );
      for (const [i, [, , , , , unitsX, unitsY, dx, dy]] of flat.entries()) {
        assert.equal([unitsX, unitsY], [3, 3]);
        assertClose([first[i].spacingMm!.x, first[i].spacingMm!.y], [10 * dx, 10 * dy], { rtol: 1e-12 });
      }
      for (const image of dicom.images) {
        const { width, height, pixels } = await dicom.decode(image);
        assert.equal([width, height, pixels.length], [image.box.width, image.box.height, width * height]);
      }
    });
  if (folder)
    test("gives one grey image for one picture, however it is coded", async () => {
      const greys = ["OBXXXX1A.dcm", "OBXXXX1A_expb.dcm", "OBXXXX1A_rle.dcm", "OBXXXX1A_2frame.dcm", "color-pl.dcm", "color-px.dcm"];
      const hashes: string[] = [];
      for (const name of greys) {
        const dicom = readDicom(await readFile(join(folder, name)), name, { salt });
        hashes.push(hash((await dicom.decode(dicom.images[0])).pixels));
      }
      assert.is(new Set(hashes.slice(0, 4)).size, 1);
      assert.is(new Set(hashes.slice(4)).size, 1);
    });
});
