/** @file Lesion masks with a known ellipse, drawn by a steady or by a shaky hand. */
import type { Mask } from "../../../src/image/decode.ts";
import { drawn } from "../../../src/testing/picture-files.ts";

export interface DrawnLesion {
  /** full lengths of the axes, pixels */
  major: number;
  minor: number;
  /** of the long axis, degrees from the horizontal, clockwise on the screen */
  angle?: number;
  /** height of the jags over the radius, and how many there are */
  jags?: { height: number; count: number };
  /** centre, pixels; by default that of the frame */
  x?: number;
  y?: number;
}

/** 1 within the outline `r(θ) = (1 + height · sin(count · θ)) · r_ellipse(θ)`, [side, side]. */
export function drawnLesion(
  side: number,
  { major, minor, angle = 0, jags = { height: 0, count: 0 }, x = side / 2, y = side / 2 }: DrawnLesion,
): Mask {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const pixels = drawn(side, side, (column, row) => {
    const [dx, dy] = [column - x, row - y];
    const [along, across] = [(dx * cos + dy * sin) / (major / 2), (dy * cos - dx * sin) / (minor / 2)];
    return Math.hypot(along, across) <= 1 + jags.height * Math.sin(jags.count * Math.atan2(across, along)) ? 1 : 0;
  });
  return { width: side, height: side, pixels };
}
