/** @file Every transfer syntax that is read: UID to the decoder of one frame. Reference: DICOM PS3.5 §10 and Annex A. */
import { claimOf, type Claim } from "./codestream.ts";
import { decodeJpeg, decodeJpeg2000, decodeJpegLossless, decodeJpegLs, type Decoded } from "./codecs.ts";
import { expand422, toFrame, type Frame } from "./colour.ts";
import type { PixelFormat } from "./format.ts";
import { cutShort, orRefuse, refuse } from "./refuse.ts";
import { decodeRle } from "./rle.ts";

export interface TransferSyntax {
  readonly name: string;
  /** pixels lie in fragments */
  readonly encapsulated: boolean;
  /** most bits a sample of grey and of colour codestreams that are read; absent where there is no codestream */
  readonly precision?: readonly [grey: number, colour: number];
  readonly decode: (frame: Uint8Array, format: PixelFormat, claim?: Claim) => Decoded | Promise<Decoded>;
}

/** Frames come in little-endian order from {@link frameBytes}, whatever the file's. */
const plain = (name: string): TransferSyntax => ({
  name,
  encapsulated: false,
  decode: (frame, { photometric, planar }) =>
    photometric === "YBR_FULL_422" ? { data: expand422(frame), planar: false } : { data: frame, planar },
});

const rle: TransferSyntax = {
  name: "RLE",
  encapsulated: true,
  decode: (frame, { rows, columns, samples, bitsAllocated }) => ({
    data: decodeRle(frame, { size: rows * columns, samples, bytes: bitsAllocated / 8 }),
    planar: true,
  }),
};

const jpeg = (name: string, precision: TransferSyntax["precision"], decode: TransferSyntax["decode"]): TransferSyntax => ({
  name,
  encapsulated: true,
  precision,
  decode,
});
const baseline = jpeg("JPEG", [8, 8], (frame, format, claim) => decodeJpeg(frame, format, claim!.saysColours));
const lossless = jpeg("JPEG lossless", [16, 8], decodeJpegLossless);
const jpegLs = jpeg("JPEG-LS", [16, 16], decodeJpegLs);
const jpeg2000 = jpeg("JPEG 2000", [16, 16], decodeJpeg2000);

export const transferSyntaxes: Readonly<Record<string, TransferSyntax>> = {
  "1.2.840.10008.1.2": plain("implicit little endian"),
  "1.2.840.10008.1.2.1": plain("explicit little endian"),
  "1.2.840.10008.1.2.1.99": plain("deflated little endian"),
  "1.2.840.10008.1.2.2": plain("explicit big endian"),
  "1.2.840.10008.1.2.5": rle,
  "1.2.840.10008.1.2.4.50": baseline,
  "1.2.840.10008.1.2.4.51": baseline,
  "1.2.840.10008.1.2.4.57": lossless,
  "1.2.840.10008.1.2.4.70": lossless,
  "1.2.840.10008.1.2.4.80": jpegLs,
  "1.2.840.10008.1.2.4.81": jpegLs,
  "1.2.840.10008.1.2.4.90": jpeg2000,
  "1.2.840.10008.1.2.4.91": jpeg2000,
};

/** @throws UserError 415 for a transfer syntax that is not read; only a UID of the standard is quoted, others may be an institution's */
export function transferSyntaxOf(uid: string, name: string): TransferSyntax {
  const syntax = Object.hasOwn(transferSyntaxes, uid) ? transferSyntaxes[uid] : undefined;
  if (syntax) return syntax;
  const what = /^1\.2\.840\.10008(\.\d{1,3}){2,5}$/.test(uid) ? uid : "a private one";
  throw refuse(name, `the transfer syntax is ${what}, which is not read; convert the file to explicit little endian`, 415);
}

/**
 * One frame. The claim of a compressed frame must be the header's, so that no decoder allocates more than was checked.
 * @throws UserError 415 or 422
 */
export function decodeFrame(bytes: Uint8Array, { syntax, format, name }: { syntax: TransferSyntax; format: PixelFormat; name: string }) {
  const claim = syntax.precision === undefined ? undefined : claimOf(bytes);
  if (syntax.precision !== undefined) {
    if (!claim) throw cutShort(name);
    const { rows, columns, samples, precision } = claim;
    if (rows !== format.rows || columns !== format.columns || samples !== format.samples)
      throw refuse(
        name,
        `a compressed frame has ${columns} × ${rows} × ${samples} samples, but the header says ${format.columns} × ${format.rows} × ${format.samples}; export it again`,
      );
    if (syntax === lossless && claim.restarts)
      throw refuse(name, `${syntax.name} with restart markers is not read here; convert the file to explicit little endian`, 415);
    if (precision > Math.min(syntax.precision[samples === 1 ? 0 : 1], format.bitsAllocated))
      throw refuse(name, `${syntax.name} of ${precision} bits a sample is not read here; convert the file to explicit little endian`, 415);
  }
  return orRefuse<Frame>(
    async () => toFrame(await syntax.decode(bytes, format, claim), format),
    () => cutShort(name),
  );
}
