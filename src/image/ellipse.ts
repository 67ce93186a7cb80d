/**
 * @file The ellipse that has a mask's centre and second moments: what is left of a lesion's outline when its drawing style is taken away.
 * Reference: Burger & Burge 2009, "Principles of Digital Image Processing: Core Algorithms", §2.4.3; conventions of scikit-image's regionprops
 * (pixels are points, no 1/12 term).
 */
import type { Mask } from "./decode.ts";

export interface Ellipse {
  /** centre, pixels from the first row and column */
  row: number;
  column: number;
  /** full lengths of the axes, 4 standard deviations, pixels */
  major: number;
  minor: number;
  /** angle from the row axis (down) to the major axis, towards the columns, radians in -π/2 … π/2 */
  orientation: number;
  /** sqrt(1 - minor² / major²); 0 for a circle */
  eccentricity: number;
  /** pixels of the mask */
  area: number;
  /** diameter of the circle with the mask's area, pixels */
  equivalentDiameter: number;
}

/** The fitted ellipse; undefined for an empty mask. */
export function ellipseOf({ width, height, pixels }: Mask): Ellipse | undefined {
  let [area, rows, columns] = [0, 0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      if (pixels[i]) {
        area++;
        rows += y;
        columns += x;
      }
  if (area === 0) return undefined;
  const [row, column] = [rows / area, columns / area];
  let [rr, rc, cc] = [0, 0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      if (pixels[i]) {
        rr += (y - row) ** 2;
        rc += (y - row) * (x - column);
        cc += (x - column) ** 2;
      }
  [rr, rc, cc] = [rr / area, rc / area, cc / area];
  // eigenvalues of the covariance [[rr, rc], [rc, cc]]
  const mean = (rr + cc) / 2;
  const spread = Math.hypot((rr - cc) / 2, rc);
  const [large, small] = [mean + spread, Math.max(0, mean - spread)];
  return {
    row,
    column,
    major: 4 * Math.sqrt(large),
    minor: 4 * Math.sqrt(small),
    orientation: 0.5 * Math.atan2(2 * rc, rr - cc),
    eccentricity: large > 0 ? Math.sqrt(1 - small / large) : 0,
    area,
    equivalentDiameter: Math.sqrt((4 * area) / Math.PI),
  };
}

/** Diameter of the circle that has the fitted ellipse's area, pixels; unlike {@link Ellipse.equivalentDiameter} it knows nothing of the outline. */
export const diameterOf = ({ major, minor }: Pick<Ellipse, "major" | "minor">): number =>
  Math.sqrt(Math.max(major, 1) * Math.max(minor, 1));

/** Shape of an ellipse around its centre: `rr·dr² + 2·rc·dr·dc + cc·dc² ≤ 1` inside. An axis is at least one pixel long. */
export interface EllipseForm {
  rr: number;
  rc: number;
  cc: number;
  /** half the height and half the width of its bounding box, pixels */
  halfHeight: number;
  halfWidth: number;
}

export function formOf({ major, minor, orientation }: Pick<Ellipse, "major" | "minor" | "orientation">): EllipseForm {
  const [a, b] = [Math.max(major / 2, 0.5), Math.max(minor / 2, 0.5)];
  const [cos, sin] = [Math.cos(orientation), Math.sin(orientation)];
  return {
    rr: (cos / a) ** 2 + (sin / b) ** 2,
    rc: cos * sin * (1 / a ** 2 - 1 / b ** 2),
    cc: (sin / a) ** 2 + (cos / b) ** 2,
    halfHeight: Math.hypot(a * cos, b * sin),
    halfWidth: Math.hypot(a * sin, b * cos),
  };
}

/** 1 where the pixel's centre lies in the ellipse, [height, width]. */
export function ellipseMask(ellipse: Ellipse, width: number, height: number): Mask {
  const { rr, rc, cc } = formOf(ellipse);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dr, dc] = [y - ellipse.row, x - ellipse.column];
      if (rr * dr * dr + 2 * rc * dr * dc + cc * dc * dc <= 1) pixels[y * width + x] = 1;
    }
  return { width, height, pixels };
}
