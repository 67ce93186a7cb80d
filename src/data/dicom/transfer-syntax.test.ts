import sharp from "sharp";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { dicomFile, syntaxes, ultrasound, type TinyImage } from "../../testing/dicom-files.ts";
import { encodeJpeg2000, encodeJpegLs, encodeLossless, encodeRle, type RawFrame } from "../../testing/dicom-frames.ts";
import { rngOf } from "../../util/rng.ts";
import { claimOf } from "./codestream.ts";
import { readPixels } from "./read-dicom.ts";
import { transferSyntaxes } from "./transfer-syntax.ts";

const rows = 7;
const columns = 6;

/** Noise, in which every bit matters. */
function noise(bits: 8 | 16, samples: 1 | 3, name = ""): RawFrame {
  const rng = rngOf(1, "dicom", bits, samples, name);
  const values = Array.from({ length: rows * columns * samples }, () => rng.int(2 ** bits));
  return { rows, columns, samples, data: bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values) };
}

const samplesOf = (file: Uint8Array, frame = 0) => readPixels(file, "tiny.dcm").samples(frame);

/** [pixels, samples] to [samples, pixels]. */
function planes<T extends Uint8Array | Uint16Array>(data: T, samples: number): T {
  const size = data.length / samples;
  return data.map((_, i) => data[(i % size) * samples + Math.floor(i / size)]) as T;
}

describe("transferSyntaxes", (test) => {
  test("hold all that ../shared/data/dicom and the standard's lossless codecs need", () => {
    assert.is(Object.keys(transferSyntaxes).length, 13);
    for (const uid of Object.values(syntaxes)) assert.ok(transferSyntaxes[uid], uid);
  });
  for (const bits of [8, 16] as const)
    for (const samples of [1, 3] as const) {
      const frame = noise(bits, samples);
      const file = (pixels: TinyImage["pixels"], syntax: string) => dicomFile(ultrasound({ rows, columns, samples, bits, pixels }), syntax);
      const what = `${bits} bits and ${samples} samples a pixel`;
      for (const syntax of ["implicit", "explicit", "deflated", "big"])
        test(`${syntax}: gives back the samples of ${what}`, async () => {
          assert.equal((await samplesOf(file(frame.data, syntax))).data, frame.data);
        });
      test(`rle: gives back the samples of ${what}`, async () => {
        assert.equal((await samplesOf(file({ fragments: [encodeRle(frame)] }, "rle"))).data, frame.data);
      });
      test(`jpegLs: gives back the samples of ${what}, in pixels and in planes`, async () => {
        assert.equal((await samplesOf(file({ fragments: [await encodeJpegLs(frame)] }, "jpegLs"))).data, frame.data);
        const apart = await encodeJpegLs({ ...frame, data: planes(frame.data, samples) }, 0);
        assert.equal((await samplesOf(file({ fragments: [apart] }, "jpegLs"))).data, frame.data);
      });
      if (bits === 16 && samples === 3)
        test(`lossless: refuses ${what}, which its codec cannot read`, () =>
          assertUserError(
            () => samplesOf(file({ fragments: [encodeLossless(frame)] }, "lossless")),
            /^tiny\.dcm: JPEG lossless of 16 bits a sample is not read here; convert/,
          ));
      else {
        test(`lossless: gives back the samples of ${what}`, async () => {
          assert.equal((await samplesOf(file({ fragments: [encodeLossless(frame)] }, "lossless"))).data, frame.data);
        });
        test(`jpeg2000: gives back the samples of ${what}`, async () => {
          assert.equal((await samplesOf(file({ fragments: [await encodeJpeg2000(frame)] }, "jpeg2000"))).data, frame.data);
        });
      }
    }
  test("jpeg: grey and colours as sharp decodes the stream alone", async () => {
    for (const samples of [1, 3] as const) {
      const raw = Buffer.from(noise(8, samples).data);
      const stream = await sharp(raw, { raw: { width: columns, height: rows, channels: samples } })
        .toColourspace(samples === 1 ? "b-w" : "srgb")
        .jpeg()
        .toBuffer();
      const photometric = samples === 3 ? "YBR_FULL_422" : "MONOCHROME2";
      const file = dicomFile(ultrasound({ rows, columns, samples, photometric, pixels: { fragments: [stream] } }), "jpeg");
      const alone = await sharp(stream)
        .toColourspace(samples === 1 ? "b-w" : "srgb")
        .raw()
        .toBuffer();
      assert.equal((await samplesOf(file)).data, new Uint8Array(alone));
    }
  });
  test("jpeg: three components without a colour marker are RGB where the header says so, and YCbCr where it does not", async () => {
    // sharp writes no such marker: Y 200, Cb 128, Cr 128
    const stream = await sharp(Buffer.alloc(rows * columns * 3, 200), { raw: { width: columns, height: rows, channels: 3 } })
      .jpeg({ quality: 100 })
      .toBuffer();
    assert.is(claimOf(stream)!.saysColours, false);
    const first = async (photometric: string) => {
      const file = dicomFile(ultrasound({ rows, columns, samples: 3, photometric, pixels: { fragments: [stream] } }), "jpeg");
      return [...(await samplesOf(file)).data.slice(0, 3)];
    };
    assert.equal(await first("RGB"), [200, 128, 128]);
    assert.equal(await first("YBR_FULL_422"), [200, 200, 200]);
  });
});

describe("samples", (test) => {
  test("colours in planes come pixel by pixel, plain", async () => {
    const { data } = noise(8, 3) as { data: Uint8Array };
    const elements = { ...ultrasound({ rows, columns, samples: 3, pixels: planes(data, 3) }), "00280006": ["US", 1] } as const;
    assert.equal((await samplesOf(dicomFile(elements))).data, data);
  });
  test("8-bit pixels in big-endian words are swapped across frames of odd length", async () => {
    const data = Uint8Array.from({ length: 6 }, (_, i) => i + 1);
    const swapped = Uint8Array.of(2, 1, 4, 3, 6, 5);
    const elements = { ...ultrasound({ rows: 1, columns: 3, frames: 2, pixels: swapped }), "7fe00010": ["OW", swapped] } as const;
    const file = dicomFile(elements, "big");
    assert.equal([...(await samplesOf(file, 0)).data, ...(await samplesOf(file, 1)).data], [...data]);
  });
  test("bits above those stored are masked, and stored signs are kept", async () => {
    const pixels = Uint16Array.of(0xf001, 0x0fff, 0x0800, 0x07ff);
    const image = { rows: 2, columns: 2, bits: 16, stored: 12, pixels } as const;
    assert.equal([...(await samplesOf(dicomFile(ultrasound(image)))).data], [1, 4095, 2048, 2047]);
    const signed = { ...ultrasound(image), "00280103": ["US", 1] } as const;
    assert.equal([...(await samplesOf(dicomFile(signed))).data], [1, -1, -2048, 2047]);
  });
  test("YBR_FULL_422 gives two pixels one colour", async () => {
    const pixels = Uint8Array.of(10, 20, 128, 128, 30, 40, 128, 128);
    const file = dicomFile(ultrasound({ rows: 1, columns: 4, samples: 3, photometric: "YBR_FULL_422", pixels }));
    assert.equal([...(await samplesOf(file)).data], [10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40]);
  });
});

describe("frames", (test) => {
  const frames = [noise(8, 1, "a"), noise(8, 1, "b")];
  test("plain frames follow each other", async () => {
    const pixels = Uint8Array.from(frames.flatMap(({ data }) => [...data]));
    const file = dicomFile(ultrasound({ rows, columns, frames: 2, pixels }));
    for (const [i, { data }] of frames.entries()) assert.equal((await samplesOf(file, i)).data, data);
  });
  test("compressed frames have a fragment each, or begin where a stream begins", async () => {
    const streams = await Promise.all(frames.map((frame) => encodeJpegLs(frame)));
    const cut = streams.flatMap((stream) => [stream.subarray(0, 20), stream.subarray(20)]);
    for (const fragments of [streams, cut]) {
      const file = dicomFile(ultrasound({ rows, columns, frames: 2, pixels: { fragments } }), "jpegLs");
      for (const [i, { data }] of frames.entries()) assert.equal((await samplesOf(file, i)).data, data);
    }
  });
  test("fragments that cannot be dealt to frames are refused", async () => {
    const fragments = [encodeRle(frames[0]), encodeRle(frames[1]), encodeRle(frames[1])];
    const file = dicomFile(ultrasound({ rows, columns, frames: 2, pixels: { fragments } }), "rle");
    await assertUserError(() => samplesOf(file), /3 pieces of compressed pixels cannot be dealt to the frames; export it without/);
  });
});
