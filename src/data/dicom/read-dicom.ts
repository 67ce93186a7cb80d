/**
 * @file A DICOM file to grey images: one for each frame and 2-D region, with what may be told of it. Nothing else of the header leaves this file:
 * text is hashed with a salt or answered in words of our own. Overlays (60xx) are not drawn.
 */
import type { DataSet } from "dicom-parser";
import type { GreyImage } from "../../image/decode.ts";
import { sha256 } from "../../util/hash.ts";
import type { Frame } from "./colour.ts";
import { decimal, fileMeta, oneOf, openDataSet, text } from "./data-set.ts";
import { deviceOf } from "./device.ts";
import { pixelFormat, type PixelFormat } from "./format.ts";
import { frameBytes } from "./frames.ts";
import { greyOf, type Display, type Window } from "./grey.ts";
import { readPalette } from "./palette.ts";
import { patientOf, pseudonym, type Patient } from "./pseudonym.ts";
import { regionsOf, type Region } from "./regions.ts";
import { decodeFrame, transferSyntaxOf, type TransferSyntax } from "./transfer-syntax.ts";

export interface DicomImage extends Region {
  /** counts from 0 */
  frame: number;
  /** counts from 0 */
  region: number;
  /** "#frame=2&region=1", counting from 1; what is there once is left out, so most files have "" */
  fragment: string;
}

/** All that is told of a header. */
export interface DicomAttributes extends PixelFormat {
  transferSyntax: string;
  modality: string;
  /** whether names may be drawn in the pixels: most files do not say */
  burnedInAnnotation: "yes" | "no" | "unknown";
}

export interface DicomPixels {
  /** frame by frame; empty where a file has no 2-D region */
  images: DicomImage[];
  /** grey levels of one of `images` @throws UserError 415 or 422 */
  decode(image: DicomImage): Promise<GreyImage>;
  /** samples of a whole frame as stored, uncropped; colours are RGB @throws UserError 415 or 422 */
  samples(frame: number): Promise<Frame>;
}

export interface Dicom extends DicomPixels {
  /** pseudonym of the SOP instance; copies of a file share it */
  instance: string;
  /** pseudonym of the series */
  series: string;
  patient: Patient;
  device: string;
  attributes: DicomAttributes;
}

const modalities = ["US", "IVUS", "MG", "MR", "CT", "DX", "CR", "OT", "SC"] as const;
const saysAnnotation = { YES: "yes", NO: "no" } as const;

function attributesOf(dataSet: DataSet, format: PixelFormat, transferSyntax: string): DicomAttributes {
  const burnedIn = oneOf(dataSet, "x00280301", ["YES", "NO"]);
  return {
    transferSyntax,
    ...format,
    modality: oneOf(dataSet, "x00080060", modalities) ?? "other",
    burnedInAnnotation: burnedIn ? saysAnnotation[burnedIn] : "unknown",
  };
}

function windowOf(dataSet: DataSet): Window | undefined {
  const centre = decimal(dataSet, "x00281050");
  const width = decimal(dataSet, "x00281051");
  if (centre === undefined || width === undefined || width < 1) return undefined;
  return { centre, width, slope: decimal(dataSet, "x00281053") ?? 1, intercept: decimal(dataSet, "x00281052") ?? 0 };
}

function imagesOf(frames: number, regions: readonly Region[]): DicomImage[] {
  return Array.from({ length: frames }, (_, frame) =>
    regions.map((one, region): DicomImage => {
      const parts = [frames > 1 ? `frame=${frame + 1}` : "", regions.length > 1 ? `region=${region + 1}` : ""].filter(Boolean);
      return { ...one, frame, region, fragment: parts.length > 0 ? `#${parts.join("&")}` : "" };
    }),
  ).flat();
}

interface Opened {
  dataSet: DataSet;
  syntax: TransferSyntax;
  format: PixelFormat;
  name: string;
}

function open(bytes: Uint8Array, name: string): Opened {
  const syntax = transferSyntaxOf(fileMeta(bytes, name).transferSyntax, name);
  const dataSet = openDataSet(bytes, name);
  return { dataSet, syntax, format: pixelFormat(dataSet, name), name };
}

function pixelsOf({ dataSet, syntax, format, name }: Opened): DicomPixels {
  const bytesOfFrame = frameBytes(dataSet, format, { encapsulated: syntax.encapsulated, name });
  const palette = format.photometric === "PALETTE COLOR" ? readPalette(dataSet, { signed: format.signed, name }) : undefined;
  const display: Display = { format, palette, window: windowOf(dataSet) };
  const samples = (frame: number): Promise<Frame> => decodeFrame(bytesOfFrame(frame), { syntax, format, name });
  return {
    images: imagesOf(format.frames, regionsOf(dataSet, format, name)),
    decode: async ({ frame, box }) => greyOf(await samples(frame), box, display),
    samples,
  };
}

/**
 * The images of a file and nothing of whom they show; pixels are decoded when they are asked for.
 * @param name what messages call the file: a safe name, see safe-name.ts
 * @throws UserError 415 for what is not read, 413 for what is too large, 422 for what is damaged
 */
export const readPixels = (bytes: Uint8Array, name: string): DicomPixels => pixelsOf(open(bytes, name));

/**
 * The images of a file, and what may be told of it.
 * @param salt see {@link loadSalt}
 * @throws UserError as {@link readPixels}
 */
export function readDicom(bytes: Uint8Array, name: string, { salt }: { salt: Uint8Array }): Dicom {
  const opened = open(bytes, name);
  const { dataSet, syntax, format } = opened;
  const told = (prefix: string, tag: string): string =>
    `${prefix}-${pseudonym(salt, prefix, text(dataSet, tag) || sha256(bytes)).slice(0, 16)}`;
  return {
    ...pixelsOf(opened),
    instance: told("instance", "x00080018"),
    series: told("series", "x0020000e"),
    patient: patientOf(dataSet, salt),
    device: deviceOf(dataSet, salt),
    attributes: attributesOf(dataSet, format, syntax.name),
  };
}
