/** @file Encoders of compressed DICOM frames for tests: own ones for RLE and lossless JPEG, the codecs' own for JPEG-LS and JPEG 2000. */
import startCharls from "@cornerstonejs/codec-charls/wasmjs";
import startOpenJpeg from "@cornerstonejs/codec-openjpeg/wasmjs";

export interface RawFrame {
  rows: number;
  columns: number;
  samples: 1 | 3;
  /** [rows, columns, samples] */
  data: Uint8Array | Uint16Array;
}

const bitsOf = ({ data }: RawFrame): 8 | 16 => (data instanceof Uint16Array ? 16 : 8);

/** Runs and literals of bytes, PackBits. */
function packBits(plane: Uint8Array): number[] {
  const packed: number[] = [];
  for (let i = 0; i < plane.length;) {
    let run = 1;
    while (run < 128 && plane[i + run] === plane[i]) run++;
    if (run > 1) packed.push(257 - run, plane[i]);
    else packed.push(0, plane[i]);
    i += run;
  }
  return packed.length % 2 === 0 ? packed : [...packed, 128];
}

/** DICOM PS3.5 Annex G. */
export function encodeRle(frame: RawFrame): Uint8Array {
  const { data, samples } = frame;
  const planes: number[][] = [];
  for (let c = 0; c < samples; c++)
    for (let shift = bitsOf(frame) - 8; shift >= 0; shift -= 8)
      planes.push(
        packBits(
          Uint8Array.from(
            Array.from(data).filter((_, i) => i % samples === c),
            (v) => (v >> shift) & 0xff,
          ),
        ),
      );
  const header = new Uint32Array(16);
  header[0] = planes.length;
  planes.reduce((at, plane, i) => ((header[i + 1] = at), at + plane.length), 64);
  return Buffer.concat([Buffer.from(header.buffer), Uint8Array.from(planes.flat())]);
}

/** ITU-T T.81 process 14, selection value 1, one Huffman table in which each of the 17 categories has 5 bits. */
export function encodeLossless(frame: RawFrame): Uint8Array {
  const { rows, columns, samples, data } = frame;
  const precision = bitsOf(frame);
  const u16 = (v: number): number[] => [v >> 8, v & 0xff];
  const components = Array.from({ length: samples }, (_, c) => c + 1);
  const head = [
    ...[0xff, 0xd8, 0xff, 0xc4, ...u16(19 + 17), 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...Array.from({ length: 17 }, (_, category) => category),
    ...[0xff, 0xc3, ...u16(8 + 3 * samples), precision, ...u16(rows), ...u16(columns), samples, ...components.flatMap((c) => [c, 0x11, 0])],
    ...[0xff, 0xda, ...u16(6 + 2 * samples), samples, ...components.flatMap((c) => [c, 0]), 1, 0, 0],
  ];
  let bits = "";
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / samples);
    const before = pixel === 0 ? 1 << (precision - 1) : data[pixel % columns === 0 ? i - columns * samples : i - samples];
    const difference = ((data[i] - before) << 16) >> 16;
    const category = difference === -32768 ? 16 : Math.abs(difference).toString(2).length * Math.sign(Math.abs(difference));
    bits += category.toString(2).padStart(5, "0");
    if (category > 0 && category < 16)
      bits += (difference > 0 ? difference : difference + 2 ** category - 1).toString(2).padStart(category, "0");
  }
  const bytes = bits
    .padEnd(Math.ceil(bits.length / 8) * 8, "1")
    .match(/.{8}/g)!
    .map((byte) => Number.parseInt(byte, 2));
  return Uint8Array.from([...head, ...bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : byte)), 0xff, 0xd9]);
}

const bytesOf = ({ data }: RawFrame): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function frameInfo(frame: RawFrame) {
  const { rows: height, columns: width, samples: componentCount } = frame;
  return { width, height, componentCount, bitsPerSample: bitsOf(frame), isSigned: false };
}

/** @param interleave 0: `data` lies in planes, and so will the stream; 2: pixels */
export async function encodeJpegLs(frame: RawFrame, interleave: 0 | 2 = 2): Promise<Uint8Array> {
  const encoder = new (await startCharls()).JpegLSEncoder();
  encoder.getDecodedBuffer(frameInfo(frame)).set(bytesOf(frame));
  encoder.setInterleaveMode(frame.samples === 1 ? 0 : interleave);
  encoder.encode();
  const encoded = encoder.getEncodedBuffer().slice();
  encoder.delete();
  return encoded;
}

/** Reversible. */
export async function encodeJpeg2000(frame: RawFrame): Promise<Uint8Array> {
  const encoder = new (await startOpenJpeg({ print: () => undefined, printErr: () => undefined })).J2KEncoder();
  encoder.getDecodedBuffer(frameInfo(frame)).set(bytesOf(frame));
  encoder.setDecompositions(1); // the usual five need larger images
  encoder.encode();
  const encoded = encoder.getEncodedBuffer().slice();
  encoder.delete();
  return encoded;
}
