/** @file The bytes of each frame, from pixels that lie plain or in fragments. Reference: DICOM PS3.5 §8, §A.4. */
import dicomParser, { type DataSet, type Element, type Fragment } from "dicom-parser";
import type { PixelFormat } from "./format.ts";
import { cutShort, refuse } from "./refuse.ts";

/** Bytes that a plain frame has. */
function frameLength({ rows, columns, samples, bitsAllocated, photometric }: PixelFormat): number {
  // in YBR_FULL_422 two pixels share their colours: Y Y Cb Cr
  return rows * columns * (photometric === "YBR_FULL_422" ? 2 : samples) * (bitsAllocated / 8);
}

function swap16(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

function plainFrames(dataSet: DataSet, element: Element, format: PixelFormat, name: string): (frame: number) => Uint8Array {
  const length = frameLength(format);
  if (element.length < length * format.frames)
    throw refuse(
      name,
      `${element.length} bytes of pixels are fewer than the frames of ${format.columns} × ${format.rows} that the header promises; export it again`,
    );
  const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  // big-endian words of VR OW hold two 8-bit pixels in the order of words, not of bytes: the whole element is swapped, not each frame
  const isBig = dataSet.byteArrayParser === dicomParser.bigEndianByteArrayParser;
  const little = isBig && (format.bitsAllocated === 16 || element.vr === "OW") ? swap16(bytes) : bytes;
  return (frame) => little.subarray(frame * length, (frame + 1) * length);
}

/** Does a fragment begin a JPEG or JPEG 2000 stream? */
const beginsStream = (bytes: Uint8Array): boolean => bytes[0] === 0xff && (bytes[1] === 0xd8 || bytes[1] === 0x4f);

/** The first fragment of each frame, or undefined where that cannot be told. */
function firstFragments(element: Element, fragments: Fragment[], frames: number, view: (f: Fragment) => Uint8Array): number[] | undefined {
  if (frames === 1) return [0];
  if (fragments.length === frames) return fragments.map((_, i) => i);
  const table = element.basicOffsetTable ?? [];
  const starts =
    table.length === frames
      ? table.map((offset) => fragments.findIndex((fragment) => fragment.offset === offset))
      : fragments.flatMap((fragment, i) => (beginsStream(view(fragment)) ? [i] : []));
  const rises = starts.every((start, i) => start > (starts[i - 1] ?? -1));
  return starts.length === frames && starts[0] === 0 && rises ? starts : undefined;
}

function fragmentedFrames(dataSet: DataSet, element: Element, { frames }: PixelFormat, name: string): (frame: number) => Uint8Array {
  const fragments = element.fragments ?? [];
  const view = ({ position, length }: Fragment) => dataSet.byteArray.subarray(position, position + length);
  if (fragments.length === 0 || fragments.some(({ position, length }) => position + length > dataSet.byteArray.length))
    throw cutShort(name);
  if (fragments.length < frames)
    throw refuse(
      name,
      `${fragments.length} pieces of compressed pixels are fewer than the frames that the header promises; export it again`,
    );
  const starts = firstFragments(element, fragments, frames, view);
  if (!starts)
    throw refuse(name, `${fragments.length} pieces of compressed pixels cannot be dealt to the frames; export it without compression`);
  return (frame) => {
    const pieces = fragments.slice(starts[frame], starts[frame + 1]).map(view);
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  };
}

/** @returns the bytes of a frame by its number, which counts from 0 @throws UserError 422 where they are not there */
export function frameBytes(
  dataSet: DataSet,
  format: PixelFormat,
  { encapsulated, name }: { encapsulated: boolean; name: string },
): (frame: number) => Uint8Array {
  const element = dataSet.elements.x7fe00010;
  if (encapsulated !== (element.encapsulatedPixelData === true)) throw cutShort(name);
  return (encapsulated ? fragmentedFrames : plainFrames)(dataSet, element, format, name);
}
