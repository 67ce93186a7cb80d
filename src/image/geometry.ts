/**
 * @file Shape of a lesion: size, height over width, solidity, perimeter and compactness.
 * Reference: Benkrid & Crookes 2000, "Design and FPGA implementation of a perimeter estimator", Proc. Irish Machine Vision and Image
 * Processing Conference (perimeter, as scikit-image weighs it); Hong et al. 2005, AJR 184(4):1260–1265 (taller than wide).
 */
import { hullMask } from "./convex-hull.ts";
import type { Mask } from "./decode.ts";
import { ellipseOf, type Ellipse } from "./ellipse.ts";
import type { Box } from "./letterbox.ts";

export interface Geometry extends Ellipse {
  /** the smallest box that holds the mask, pixels */
  box: Box;
  /** height over width of the box; above 1 a lesion is taller than wide */
  heightToWidth: number;
  /** pixels of the mask over pixels of its convex hull */
  solidity: number;
  /** length of the outline, pixels; 0 for a single pixel */
  perimeter: number;
  /** 4π·area / perimeter²: about 0.9 for a disk, whose stepped outline counts too long, less for every other shape; Infinity where the perimeter is 0 */
  compactness: number;
}

/** Pixels of the mask. */
export function areaOf({ pixels }: Mask): number {
  let area = 0;
  for (let i = 0; i < pixels.length; i++) area += pixels[i];
  return area;
}

/** The smallest box that holds the mask; undefined for an empty mask. */
export function boundingBox({ width, height, pixels }: Mask): Box | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      if (pixels[i]) {
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        bottom = y;
      }
  return bottom < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Pixels of the mask that have a side on the background or on the border of the image. */
function outlineOf({ width, height, pixels }: Mask): Uint8Array {
  const at = (x: number, y: number) => (x >= 0 && x < width && y >= 0 && y < height ? pixels[y * width + x] : 0);
  return Uint8Array.from(pixels, (value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return value && !(at(x - 1, y) && at(x + 1, y) && at(x, y - 1) && at(x, y + 1)) ? 1 : 0;
  });
}

/** Each outline pixel adds 1, √2 or their mean, by how many of its neighbours on the outline touch it by a side and by a corner. */
function perimeterOf(mask: Mask): number {
  const { width, height } = mask;
  const outline = outlineOf(mask);
  const at = (x: number, y: number) => (x >= 0 && x < width && y >= 0 && y < height ? outline[y * width + x] : 0);
  let length = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!at(x, y)) continue;
      const sides = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
      const corners = at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
      // scikit-image's table, whose keys 5 … 33 are 1 + 2·sides + 10·corners
      if ((sides === 0 && corners === 2) || (sides === 1 && corners === 3)) length += Math.SQRT2;
      else if (sides === 1 && corners <= 2 && corners >= 1) length += (1 + Math.SQRT2) / 2;
      else if ((sides === 2 || sides === 3) && corners <= 2) length += 1;
    }
  return length;
}

/** Geometry of all pixels of the mask together; undefined for an empty mask. */
export function geometryOf(mask: Mask): Geometry | undefined {
  const [ellipse, box] = [ellipseOf(mask), boundingBox(mask)];
  if (!ellipse || !box) return undefined;
  const perimeter = perimeterOf(mask);
  return {
    ...ellipse,
    box,
    heightToWidth: box.height / box.width,
    solidity: ellipse.area / areaOf(hullMask(mask)),
    perimeter,
    compactness: (4 * Math.PI * ellipse.area) / perimeter ** 2,
  };
}
