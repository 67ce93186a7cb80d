/**
 * @file Shape of a lesion in numbers: coarse ones, which the fitted ellipse alone decides, and those of the outline, which carry the hand that drew it. An
 * enlarged lesion has the same numbers but for the size, which is told in shares of the image, for most data sets give no millimetres.
 * Reference: Kilday, Palmieri & Fox 1993, IEEE Trans. Med. Imaging 12(4):664–669 (normalised radial length, roughness); Ramanujan 1914, "Modular
 * equations and approximations to π", Quart. J. Math. 45:350–372, §16 (perimeter of an ellipse).
 */
import { hullMask } from "../../src/image/convex-hull.ts";
import type { Mask } from "../../src/image/decode.ts";
import { diameterOf, ellipseMask, ellipseOf, formOf, type Ellipse } from "../../src/image/ellipse.ts";
import { geometryOf } from "../../src/image/geometry.ts";
import { range } from "../../src/util/rng.ts";

/** Directions in which radii are taken. */
const DIRECTIONS = 180;

export const coarseFeatures = ["size", "height / width", "tilt"] as const;
export const outlineFeatures = ["solidity", "convexity", "compactness", "perimeter ratio", "ellipse overlap", "roughness"] as const;
export type CoarseFeature = (typeof coarseFeatures)[number];
export type OutlineFeature = (typeof outlineFeatures)[number];

/** What second moments decide. @param piece with at least one pixel @param image that the mask was drawn on */
export function coarseShape(piece: Mask, image: { width: number; height: number }): Record<CoarseFeature, number> {
  const ellipse = ellipseOf(piece);
  if (!ellipse) throw new RangeError("coarseShape: the mask must hold a pixel, got none");
  const { halfHeight, halfWidth } = formOf(ellipse);
  return {
    size: diameterOf(ellipse) / Math.sqrt(image.width * image.height),
    "height / width": Math.log(halfHeight / halfWidth), // so that twice as tall is as far from round as twice as wide
    tilt: 90 - (Math.abs(ellipse.orientation) * 180) / Math.PI,
  };
}

/** What the outline decides. @param piece one connected component */
export function outlineShape(piece: Mask): Record<OutlineFeature, number> {
  const geometry = geometryOf(piece);
  if (!geometry) throw new RangeError("outlineShape: the mask must hold a pixel, got none");
  const { perimeter, solidity, compactness } = geometry;
  const ofPerimeter = (length: number) => (perimeter === 0 ? 1 : length / perimeter); // a single pixel has none
  return {
    solidity,
    convexity: ofPerimeter(geometryOf(hullMask(piece))!.perimeter),
    compactness: perimeter === 0 ? 1 : compactness,
    "perimeter ratio": ofPerimeter(ellipsePerimeter(geometry)),
    "ellipse overlap": overlap(piece, ellipseMask(geometry, piece.width, piece.height)),
    roughness: roughness(piece, geometry),
  };
}

/** Pixels in both over pixels in either. */
function overlap(a: Mask, b: Mask): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.pixels.length; i++) {
    both += a.pixels[i] & b.pixels[i];
    either += a.pixels[i] | b.pixels[i];
  }
  return both / either;
}

/** Ramanujan's second approximation: `π(a + b)(1 + 3h / (10 + √(4 - 3h)))`, `h = ((a - b) / (a + b))²`. An axis is at least one pixel long. */
export function ellipsePerimeter({ major, minor }: Pick<Ellipse, "major" | "minor">): number {
  const [a, b] = [Math.max(major, 1) / 2, Math.max(minor, 1) / 2];
  const h = ((a - b) / (a + b)) ** 2;
  return Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
}

/**
 * Mean step between the radii of neighbouring directions over the mean radius. A radius runs from the centre to the farthest pixel in its direction, so that
 * each direction has one, whatever the outline does.
 */
function roughness({ width, height, pixels }: Mask, { row, column }: Pick<Ellipse, "row" | "column">): number {
  const reach = Math.ceil(Math.hypot(width, height));
  const radii = range(DIRECTIONS).map((k) => {
    const [dx, dy] = [Math.cos((2 * Math.PI * k) / DIRECTIONS), Math.sin((2 * Math.PI * k) / DIRECTIONS)];
    for (let r = reach; r > 0; r -= 0.5) {
      const [x, y] = [Math.round(column + r * dx), Math.round(row + r * dy)];
      if (x >= 0 && x < width && y >= 0 && y < height && pixels[y * width + x]) return r;
    }
    return 0;
  });
  const total = radii.reduce((sum, r) => sum + r, 0);
  const steps = radii.reduce((sum, r, k) => sum + Math.abs(r - radii[(k + 1) % DIRECTIONS]), 0);
  return total === 0 ? 0 : steps / total;
}
