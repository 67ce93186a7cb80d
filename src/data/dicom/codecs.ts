/**
 * @file Compressed frames to samples through field libraries. Each decoder trusts that the claim of the codestream has been checked;
 * what it throws is dropped by its caller.
 */
import startCharls from "@cornerstonejs/codec-charls/decodewasmjs";
import startOpenJpeg from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import { Decoder as LosslessDecoder } from "jpeg-lossless-decoder-js";
import sharp from "sharp";
import type { PixelFormat } from "./format.ts";

/** Bytes of a frame, little-endian, of 1 or 2 bytes a sample. */
export interface Decoded {
  data: Uint8Array;
  /** colours lie in planes */
  planar: boolean;
  /** the codec turned YBR into RGB */
  isRgb?: boolean;
}

/** The modules would talk on the terminal. */
const quiet = { print: () => undefined, printErr: () => undefined };
let charls: ReturnType<typeof startCharls> | undefined;
let openJpeg: ReturnType<typeof startOpenJpeg> | undefined;

/** Zeros before the end marker, see below. */
const LOSSLESS_PADDING = 8;

/** ITU-T T.81 process 14 without restarts, in one or three components. */
export function decodeJpegLossless(frame: Uint8Array): Decoded {
  const end = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).lastIndexOf("ffd9", undefined, "hex");
  if (end < 0) throw new RangeError("decodeJpegLossless: the stream has no end");
  // the decoder reads ahead, and forgets the pixel at which it meets the end marker
  const padded = Buffer.alloc(end + LOSSLESS_PADDING + 2);
  padded.set(frame.subarray(0, end));
  padded.set([0xff, 0xd9], end + LOSSLESS_PADDING);
  const decoder = new LosslessDecoder();
  const data = decoder.decode(padded.buffer, padded.byteOffset, padded.byteLength);
  if (decoder.yLoc < decoder.yDim) throw new RangeError("decodeJpegLossless: the stream ends too early");
  return { data: new Uint8Array(data.buffer), planar: false };
}

export async function decodeJpegLs(frame: Uint8Array): Promise<Decoded> {
  charls ??= startCharls(quiet);
  const decoder = new (await charls).JpegLSDecoder();
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const planar = decoder.getInterleaveMode() === 0 && decoder.getFrameInfo().componentCount > 1;
    return { data: decoder.getDecodedBuffer().slice(), planar };
  } finally {
    decoder.delete();
  }
}

/** The reversible and irreversible colour transforms are undone by the codec: YBR_RCT and YBR_ICT come as RGB. */
export async function decodeJpeg2000(frame: Uint8Array): Promise<Decoded> {
  openJpeg ??= startOpenJpeg(quiet);
  const decoder = new (await openJpeg).J2KDecoder();
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    return { data: decoder.getDecodedBuffer().slice(), planar: false };
  } finally {
    decoder.delete();
  }
}

/** "Adobe" segment that says: these three components are RGB. Reference: Adobe Technical Note 5116, §18. */
const adobeRgb = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

/**
 * Baseline and extended JPEG of 8 bits; YBR_FULL and YBR_FULL_422 come as RGB.
 * @param saysColours the stream says itself how its colours are meant; else those of a file called RGB would be taken for YCbCr
 */
export async function decodeJpeg(frame: Uint8Array, { photometric, samples }: PixelFormat, saysColours: boolean): Promise<Decoded> {
  const bytes = photometric === "RGB" && !saysColours ? Buffer.concat([frame.subarray(0, 2), adobeRgb, frame.subarray(2)]) : frame;
  const data = await sharp(bytes, { failOn: "warning", limitInputPixels: false })
    .toColourspace(samples === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), planar: false, isRgb: true };
}
