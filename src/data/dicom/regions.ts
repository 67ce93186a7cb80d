/** @file The 2-D regions of an ultrasound image: where the echoes lie, and how large a pixel is. Reference: DICOM PS3.3 §C.8.5.5. */
import type { DataSet } from "dicom-parser";
import { float64, int32, uint16 } from "./data-set.ts";
import type { PixelFormat } from "./format.ts";
import { refuse } from "./refuse.ts";

/** Pixels, the corner included. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Region {
  box: Box;
  /** size of a pixel in mm, where the file says it in cm */
  spacingMm?: { x: number; y: number };
}

/** "2D", Region Spatial Format (0018,6012). */
const TWO_D = 1;
/** "cm", Physical Units (0018,6024) and (0018,6026). */
const CENTIMETRES = 3;

/** Deltas may be negative, where the axis points up or left. */
function spacing(item: DataSet): Region["spacingMm"] {
  const isCm = uint16(item, "x00186024") === CENTIMETRES && uint16(item, "x00186026") === CENTIMETRES;
  const [x, y] = ["x0018602c", "x0018602e"].map((tag) => Math.abs(float64(item, tag) ?? 0) * 10);
  return isCm && x > 0 && y > 0 && Number.isFinite(x * y) ? { x, y } : undefined;
}

function boxOf(item: DataSet, { rows, columns }: PixelFormat): Box {
  // x1 and y1 are the last pixel; some devices write one more, which ends the box at the frame's edge all the same
  const [x0, y0, x1, y1] = ["x00186018", "x0018601a", "x0018601c", "x0018601e"].map((tag) => int32(item, tag) ?? 0);
  const x = Math.max(0, x0);
  const y = Math.max(0, y0);
  return { x, y, width: Math.min(columns - 1, x1) - x + 1, height: Math.min(rows - 1, y1) - y + 1 };
}

const isInside = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

/**
 * The 2-D regions in the order of the file, without those that lie inside another (a colour box in its grey image).
 * A file that describes no region at all has one: the whole frame, of unknown scale. One that describes others only (Doppler, M-mode) has none.
 * @throws UserError 422 for a 2-D region outside of the frame
 */
export function regionsOf(dataSet: DataSet, format: PixelFormat, name: string): Region[] {
  const items = (dataSet.elements.x00186011?.items ?? []).flatMap((item) => item.dataSet ?? []);
  if (items.length === 0) return [{ box: { x: 0, y: 0, width: format.columns, height: format.rows } }];
  const regions = items
    .filter((item) => uint16(item, "x00186012") === TWO_D)
    .map((item): Region => ({ box: boxOf(item, format), spacingMm: spacing(item) }));
  for (const [i, { box }] of regions.entries())
    if (box.width < 1 || box.height < 1)
      throw refuse(
        name,
        `2-D region ${i + 1} lies outside of the ${format.columns} × ${format.rows} pixels; correct SequenceOfUltrasoundRegions`,
      );
  return regions.filter(
    ({ box }, i) => !regions.some((other, k) => k !== i && isInside(box, other.box) && (k < i || !isInside(other.box, box))),
  );
}
