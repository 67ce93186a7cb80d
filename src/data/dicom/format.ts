/** @file What the pixels of a DICOM file look like, checked against limits before anything is allocated. Reference: DICOM PS3.3 §C.7.6.3. */
import type { DataSet } from "dicom-parser";
import { PIXEL_LIMIT } from "../../image/decode.ts";
import { decimal, oneOf, uint16 } from "./data-set.ts";
import { refuse } from "./refuse.ts";

const photometrics = ["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"] as const;

export type Photometric = (typeof photometrics)[number];

export interface PixelFormat {
  rows: number;
  columns: number;
  frames: number;
  /** samples a pixel */
  samples: 1 | 3;
  bitsAllocated: 8 | 16;
  /** the low bits of each sample; whatever lies above them (old overlays) is masked away */
  bitsStored: number;
  signed: boolean;
  /** colours lie in planes, one after the other */
  planar: boolean;
  photometric: Photometric;
}

/** @throws UserError 422 where there are no pixels or the header contradicts itself, 413 where a frame is over the limit */
export function pixelFormat(dataSet: DataSet, name: string): PixelFormat {
  if (!dataSet.elements.x7fe00010)
    throw refuse(name, "the DICOM file holds no pixels (it may be a report or a directory); leave it out of the data");
  const rows = uint16(dataSet, "x00280010") ?? 0;
  const columns = uint16(dataSet, "x00280011") ?? 0;
  const samples = uint16(dataSet, "x00280002") ?? 1;
  const bitsAllocated = uint16(dataSet, "x00280100") ?? 8;
  const bitsStored = uint16(dataSet, "x00280101") ?? bitsAllocated;
  const highBit = uint16(dataSet, "x00280102") ?? bitsStored - 1;
  const frames = decimal(dataSet, "x00280008") ?? 1;
  const photometric = oneOf(dataSet, "x00280004", photometrics);
  if (rows === 0 || columns === 0) throw refuse(name, `an image has ${columns} × ${rows} pixels; export it again`);
  if (rows * columns > PIXEL_LIMIT)
    throw refuse(
      name,
      `an image has ${columns} × ${rows} = ${Math.round((rows * columns) / 1e6)} megapixels, over the limit of ${PIXEL_LIMIT / 1e6}; make it smaller`,
      413,
    );
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    throw refuse(name, `BitsAllocated is ${bitsAllocated}, and images of 8 and 16 bits are read; convert it`, 415);
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit !== bitsStored - 1)
    throw refuse(
      name,
      `BitsStored ${bitsStored} and HighBit ${highBit} are not the low bits of ${bitsAllocated}; correct the header or export it again`,
    );
  if (!Number.isInteger(frames) || frames < 1)
    throw refuse(name, "NumberOfFrames is no whole number over 0; correct the header or export it again");
  if (!photometric)
    throw refuse(name, `PhotometricInterpretation is none of ${photometrics.join(", ")}; convert the file to one of them`, 415);
  const expected = /^(MONO|PAL)/.test(photometric) ? 1 : 3;
  if (samples !== expected)
    throw refuse(name, `SamplesPerPixel is ${samples}, but ${photometric} has ${expected}; correct the header or export it again`);
  return {
    rows,
    columns,
    frames,
    samples: expected,
    bitsAllocated,
    bitsStored,
    signed: uint16(dataSet, "x00280103") === 1,
    planar: uint16(dataSet, "x00280006") === 1,
    photometric,
  };
}
