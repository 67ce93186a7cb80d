/** @file Tiny DICOM files that tests make, in every plain byte order and with compressed frames. Reference: DICOM PS3.5 §7, §A.4, PS3.10 §7.1. */
import { deflateRawSync } from "node:zlib";

/** Text for string VRs, numbers for US, SS, UL and FD, bytes as they are for OB, words for OW, items for SQ, frames for compressed pixels. */
export type DicomValue =
  | string
  | number
  | readonly number[]
  | Uint8Array
  | Uint16Array
  | readonly DicomElements[]
  | { fragments: Uint8Array[] };

/** By tag in hex: { "00100010": ["PN", "DOE^JANE"] }. */
export type DicomElements = Readonly<Record<string, readonly [vr: string, value: DicomValue]>>;

export const syntaxes = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  big: "1.2.840.10008.1.2.2",
  rle: "1.2.840.10008.1.2.5",
  jpeg: "1.2.840.10008.1.2.4.50",
  lossless: "1.2.840.10008.1.2.4.70",
  jpegLs: "1.2.840.10008.1.2.4.80",
  jpeg2000: "1.2.840.10008.1.2.4.90",
} as const;

interface Encoding {
  big: boolean;
  implicit: boolean;
}

function numbers(values: readonly number[], bytes: number, write: (view: DataView, at: number, value: number) => void): Buffer {
  const buffer = Buffer.alloc(values.length * bytes);
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  values.forEach((value, i) => write(view, i * bytes, value));
  return buffer;
}

const uint16 = (values: readonly number[], { big }: Encoding) => numbers(values, 2, (view, at, v) => view.setUint16(at, v, !big));
const uint32 = (values: readonly number[], { big }: Encoding) => numbers(values, 4, (view, at, v) => view.setUint32(at, v, !big));
const tagBytes = (tag: string, encoding: Encoding) =>
  uint16([Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16)], encoding);

const even = (bytes: Buffer, pad: string): Buffer => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(pad)]));

const item = (bytes: Uint8Array, encoding: Encoding): Buffer =>
  Buffer.concat([tagBytes("fffee000", encoding), uint32([bytes.length], encoding), bytes]);

function valueBytes(vr: string, value: DicomValue, encoding: Encoding): Buffer {
  if (typeof value === "string") return even(Buffer.from(value, "latin1"), vr === "UI" ? "\0" : " ");
  if (value instanceof Uint16Array) return uint16([...value], encoding);
  if (value instanceof Uint8Array) return even(Buffer.from(value), "\0");
  if (vr === "SQ") return Buffer.concat((value as readonly DicomElements[]).map((one) => item(encodeElements(one, encoding), encoding)));
  const values = typeof value === "number" ? [value] : (value as readonly number[]);
  if (vr === "FD") return numbers(values, 8, (view, at, v) => view.setFloat64(at, v, !encoding.big));
  if (vr === "UL") return uint32(values, encoding);
  return uint16(
    values.map((v) => v & 0xffff),
    encoding,
  );
}

function encodeElement(tag: string, vr: string, value: DicomValue, encoding: Encoding): Buffer {
  const head = tagBytes(tag, encoding);
  const long = ["OB", "OW", "SQ", "UN", "UT"].includes(vr);
  if (typeof value === "object" && "fragments" in value) {
    const items = [Buffer.alloc(0), ...value.fragments.map((fragment) => even(Buffer.from(fragment), "\0"))];
    const end = Buffer.concat([tagBytes("fffee0dd", encoding), uint32([0], encoding)]);
    return Buffer.concat([head, Buffer.from("OB\0\0"), uint32([0xffffffff], encoding), ...items.map((one) => item(one, encoding)), end]);
  }
  const bytes = valueBytes(vr, value, encoding);
  if (encoding.implicit) return Buffer.concat([head, uint32([bytes.length], encoding), bytes]);
  const length = long ? [Buffer.from([0, 0]), uint32([bytes.length], encoding)] : [uint16([bytes.length], encoding)];
  return Buffer.concat([head, Buffer.from(vr), ...length, bytes]);
}

function encodeElements(elements: DicomElements, encoding: Encoding): Buffer {
  const tags = Object.keys(elements).sort();
  return Buffer.concat(tags.map((tag) => encodeElement(tag, elements[tag][0], elements[tag][1], encoding)));
}

/** A whole file. @param syntax a key of {@link syntaxes}, or a UID */
export function dicomFile(elements: DicomElements, syntax: string = "explicit"): Buffer {
  const uid = Object.hasOwn(syntaxes, syntax) ? syntaxes[syntax as keyof typeof syntaxes] : syntax;
  const little: Encoding = { big: false, implicit: false };
  const meta = encodeElements({ "00020002": ["UI", "1.2.840.10008.5.1.4.1.1.6.1"], "00020010": ["UI", uid] }, little);
  const body = encodeElements(elements, { big: uid === syntaxes.big, implicit: uid === syntaxes.implicit });
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    encodeElement("00020000", "UL", meta.length, little),
    meta,
    uid === syntaxes.deflated ? deflateRawSync(body) : body,
  ]);
}

export interface TinyImage {
  rows: number;
  columns: number;
  /** stored bytes or words, or compressed frames */
  pixels: Uint8Array | Uint16Array | { fragments: Uint8Array[] };
  samples?: 1 | 3;
  bits?: 8 | 16;
  stored?: number;
  frames?: number;
  photometric?: string;
}

/** The elements of an ultrasound image of one patient; spread others over them. */
export function ultrasound({
  rows,
  columns,
  pixels,
  samples = 1,
  bits = 8,
  stored = bits,
  frames = 1,
  photometric,
}: TinyImage): DicomElements {
  return {
    "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.6.1"],
    "00080018": ["UI", "1.2.3.4"],
    "00080060": ["CS", "US"],
    "00080070": ["LO", "Philips"],
    "00081090": ["LO", "EPIQ 7C"],
    "00100020": ["LO", "42"],
    "0020000e": ["UI", "1.2.3"],
    "00280002": ["US", samples],
    "00280004": ["CS", photometric ?? (samples === 3 ? "RGB" : "MONOCHROME2")],
    ...(samples === 3 ? ({ "00280006": ["US", 0] } as const) : {}),
    ...(frames > 1 ? ({ "00280008": ["IS", String(frames)] } as const) : {}),
    "00280010": ["US", rows],
    "00280011": ["US", columns],
    "00280100": ["US", bits],
    "00280101": ["US", stored],
    "00280102": ["US", stored - 1],
    "00280103": ["US", 0],
    "7fe00010": [pixels instanceof Uint16Array ? "OW" : "OB", pixels],
  };
}

/** An item of SequenceOfUltrasoundRegions; x1 and y1 are the last pixel. */
export function regionItem(
  [x0, y0, x1, y1]: readonly number[],
  { format = 1, units = 3, delta = [0.01, 0.02] }: { format?: number; units?: number; delta?: readonly [number, number] } = {},
): DicomElements {
  return {
    "00186012": ["US", format],
    "00186018": ["UL", x0],
    "0018601a": ["UL", y0],
    "0018601c": ["UL", x1],
    "0018601e": ["UL", y1],
    "00186024": ["US", units],
    "00186026": ["US", units],
    "0018602c": ["FD", delta[0]],
    "0018602e": ["FD", delta[1]],
  };
}
