import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { dicomFile, regionItem, ultrasound, type DicomElements } from "../../testing/dicom-files.ts";
import { encodeJpegLs, encodeLossless, encodeRle } from "../../testing/dicom-frames.ts";
import { UserError } from "../../util/user-error.ts";
import { rngOf } from "../../util/rng.ts";
import { readPixels } from "./read-dicom.ts";

const rows = 4;
const columns = 4;
const data = Uint8Array.from({ length: 16 }, (_, i) => 15 * i);
const tiny = ultrasound({ rows, columns, pixels: data });
const { "7fe00010": _pixels, ...header } = tiny;

/** Reads everything that a file holds. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const { images, decode, samples } = readPixels(bytes, "x.dcm");
  for (const image of images) {
    await samples(image.frame);
    await decode(image);
  }
}

const refused = (elements: DicomElements, pattern: RegExp, syntax?: string) =>
  assertUserError(() => readAll(dicomFile(elements, syntax)), new RegExp(`^x\\.dcm: ${pattern.source}`));

describe("readPixels refuses", (test) => {
  const cases: [string, DicomElements, RegExp][] = [
    ["a DICOM without pixels", header, /the DICOM file holds no pixels \(.*\); leave it out/],
    ["an image without rows", { ...tiny, "00280010": ["US", 0] }, /an image has 4 × 0 pixels/],
    ["32 bits a sample", { ...tiny, "00280100": ["US", 32] }, /BitsAllocated is 32, and images of 8 and 16 bits are read/],
    ["bits that are not the low ones", { ...tiny, "00280102": ["US", 9] }, /BitsStored 8 and HighBit 9 are not the low bits of 8/],
    ["half a frame", { ...tiny, "00280008": ["IS", "1.5"] }, /NumberOfFrames is no whole number over 0/],
    ["an unknown colour model", { ...tiny, "00280004": ["CS", "CMYK"] }, /PhotometricInterpretation is none of MONOCHROME1/],
    ["grey of three samples", { ...tiny, "00280002": ["US", 3] }, /SamplesPerPixel is 3, but MONOCHROME2 has 1/],
    ["colours without a palette", { ...tiny, "00280004": ["CS", "PALETTE COLOR"] }, /a palette of 65536 colours is missing or damaged/],
    [
      "more frames than there are bytes",
      { ...tiny, "00280008": ["IS", "3"] },
      /16 bytes of pixels are fewer than the frames of 4 × 4 that the header promises/,
    ],
    [
      "a region outside of the frame",
      { ...tiny, "00186011": ["SQ", [regionItem([9, 9, 12, 12])]] },
      /2-D region 1 lies outside of the 4 × 4/,
    ],
  ];
  for (const [what, elements, pattern] of cases) test(what, () => refused(elements, pattern));

  test("a header of 65,535 × 65,535 pixels before anything is allocated", async () => {
    const huge = { ...tiny, "00280010": ["US", 65535], "00280011": ["US", 65535] } as const;
    const before = process.memoryUsage().arrayBuffers;
    await refused(huge, /an image has 65535 × 65535 = 4295 megapixels, over the limit of 50; make it smaller/);
    await refused({ ...huge, "7fe00010": ["OB", { fragments: [data] }] }, /an image has 65535 × 65535/, "rle");
    assert.ok(process.memoryUsage().arrayBuffers - before < 50e6);
  });
  test("two thousand million frames, plain and compressed", async () => {
    const many = { ...tiny, "00280008": ["IS", "2000000000"] } as const;
    await refused(many, /16 bytes of pixels are fewer than the frames/);
    const fragments = [encodeRle({ rows, columns, samples: 1, data })];
    await refused({ ...many, "7fe00010": ["OB", { fragments }] }, /1 pieces of compressed pixels are fewer than the frames/, "rle");
  });
  test("a compressed frame that claims another size than the header, before it is decoded", async () => {
    const stream = Buffer.from(await encodeJpegLs({ rows, columns, samples: 1, data }));
    const sof = stream.indexOf("fff7", 0, "hex");
    stream.writeUInt16BE(60000, sof + 5);
    stream.writeUInt16BE(60000, sof + 7);
    await refused(
      { ...tiny, "7fe00010": ["OB", { fragments: [stream] }] },
      /a compressed frame has 60000 × 60000 × 1 samples, but the header says 4 × 4 × 1/,
      "jpegLs",
    );
  });
  test("lossless JPEG with restarts, whose decoder forgets a pixel at each", async () => {
    const stream = Buffer.from(encodeLossless({ rows, columns, samples: 1, data }));
    const restarts = Buffer.from([0xff, 0xdd, 0, 4, 0, 4]);
    const fragments = [Buffer.concat([stream.subarray(0, 2), restarts, stream.subarray(2)])];
    await refused({ ...tiny, "7fe00010": ["OB", { fragments }] }, /JPEG lossless with restart markers is not read here/, "lossless");
  });
  test("transfer syntaxes that are not read; a private one is not quoted", async () => {
    await refused(tiny, /the transfer syntax is 1\.2\.840\.10008\.1\.2\.4\.102, which is not read; convert/, "1.2.840.10008.1.2.4.102");
    await refused(tiny, /the transfer syntax is a private one, which is not read/, "1.2.3.4.5");
    await refused(tiny, /the transfer syntax is a private one/, "toString");
  });
  test("what is no DICOM file", async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("hello"), Buffer.alloc(500)])
      await assertUserError(() => readAll(bytes), /^x\.dcm: this is no DICOM file \("DICM" does not stand at byte 128\)/);
  });
  test("a deflated data set that is damaged", () => {
    const file = dicomFile(tiny, "deflated");
    file.fill(0xff, file.length - 60);
    return assertUserError(() => readAll(file), /^x\.dcm: the DICOM file is damaged or cut short/);
  });
});

describe("readPixels on damaged files", (test) => {
  const region = { "00186011": ["SQ", [regionItem([0, 0, 3, 3])]] } as const;
  const compressed = async (syntax: string, stream: Uint8Array | Promise<Uint8Array>) =>
    dicomFile({ ...tiny, ...region, "7fe00010": ["OB", { fragments: [await stream] }] }, syntax);
  const frame = { rows, columns, samples: 1, data } as const;
  const files = async () => [
    dicomFile({ ...tiny, ...region }, "explicit"),
    dicomFile({ ...tiny, ...region }, "implicit"),
    dicomFile({ ...tiny, ...region }, "big"),
    dicomFile({ ...tiny, ...region }, "deflated"),
    await compressed("rle", encodeRle(frame)),
    await compressed("lossless", encodeLossless(frame)),
    await compressed("jpegLs", encodeJpegLs(frame)),
  ];
  test("a file that is cut anywhere is refused with one sentence", async () => {
    for (const file of await files())
      for (let length = 0; length < file.length - 10; length += 7)
        await assertUserError(() => readAll(file.subarray(0, length)), /^x\.dcm: .+; .+$/);
  });
  test("whatever byte is wrong, a file is read or refused", async () => {
    const rng = rngOf(3, "bytes");
    for (const file of await files())
      for (let i = 0; i < 150; i++) {
        const wrong = Buffer.from(file);
        wrong[132 + rng.int(file.length - 132)] = rng.int(256);
        await readAll(wrong).catch((error: unknown) => assert.instance(error, UserError, String(error)));
      }
  });
});
