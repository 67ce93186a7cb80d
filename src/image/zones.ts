/**
 * @file Anatomical zones of a frame, around the lesion and down the beam, which runs down the image.
 * They are drawn from the ellipse fitted to each lesion, never from the outline itself: annotators trace benign and malignant lesions in
 * different styles, and zones that copy the outline would let the class leak into every share of saliency.
 * Reference: Hong et al. 2005, AJR 184(4):1260–1265 (posterior features); zone widths in diameters of the lesion, as data sets give no millimetres.
 */
import { componentsOf } from "./components.ts";
import type { Mask } from "./decode.ts";
import { squaredDistances } from "./distance.ts";
import { diameterOf, ellipseMask, ellipseOf, formOf, type Ellipse } from "./ellipse.ts";

/**
 * From the lesion outwards. A pixel's code is its zone's index here, or {@link OUTSIDE}.
 *
 * | zone | where |
 * |---|---|
 * | `lesion` | in the fitted ellipse |
 * | `inner-rim`, `outer-rim` | nearer to it than {@link ZoneSizes.innerRim}, than {@link ZoneSizes.rim} |
 * | `behind` | columns of the ellipse, from its lower edge on: shadow or enhancement |
 * | `in-front` | columns of the ellipse, from the skin to its upper edge |
 * | `skin` | the uppermost rows of the image |
 * | `flanks` | rows of the ellipse, to its left and right |
 * | `far-field` | deeper than an ellipse |
 * | `artefacts` | what was drawn into the image |
 * | `elsewhere` | the rest: beside what lies in front; everything where there is no lesion |
 */
export const zoneNames = [
  "lesion",
  "inner-rim",
  "outer-rim",
  "behind",
  "in-front",
  "skin",
  "flanks",
  "far-field",
  "artefacts",
  "elsewhere",
] as const;
export type ZoneName = (typeof zoneNames)[number];

/** Code of padding, where the frame shows no image. */
export const OUTSIDE = zoneNames.length;

export const codeOf = (name: ZoneName): number => zoneNames.indexOf(name);

/** Lengths in diameters of the circle that has the fitted ellipse's area, but for the skin. */
export interface ZoneSizes {
  /** width of the inner rim */
  innerRim: number;
  /** width of both rims together */
  rim: number;
  /** length of the zone behind the lesion */
  behind: number;
  /** depth of the skin, over the height of the image */
  skin: number;
}

/** Code by row of the frame, before anything narrower is painted. */
function depthCodes(ellipses: readonly Ellipse[], size: number): Uint8Array {
  const spans = ellipses.map((ellipse) => {
    const { halfHeight } = formOf(ellipse);
    return { top: ellipse.row - halfHeight, bottom: ellipse.row + halfHeight };
  });
  return Uint8Array.from({ length: size }, (_, y) => {
    if (spans.some(({ top, bottom }) => y >= top && y <= bottom)) return codeOf("flanks");
    return codeOf(spans.some(({ bottom }) => y > bottom) ? "far-field" : "elsewhere");
  });
}

/** Calls `body` with each column of the ellipse's bounding box, and where the beam enters and leaves the ellipse there, in rows. */
function forEachColumn(ellipse: Ellipse, size: number, body: (x: number, enters: number, leaves: number) => void): void {
  const { rr, rc, cc, halfWidth } = formOf(ellipse);
  const last = Math.min(size - 1, Math.floor(ellipse.column + halfWidth));
  for (let x = Math.max(0, Math.ceil(ellipse.column - halfWidth)); x <= last; x++) {
    const dc = x - ellipse.column;
    // roots of rr·dr² + 2·rc·dr·dc + cc·dc² = 1
    const root = Math.sqrt(Math.max(0, (rc * dc) ** 2 - rr * (cc * dc * dc - 1)));
    body(x, ellipse.row + (-rc * dc - root) / rr, ellipse.row + (-rc * dc + root) / rr);
  }
}

/** The uppermost rows of each column of the image: a fan's skin follows the probe. */
function paintSkin(zones: Uint8Array, inside: Uint8Array, size: number, share: number): void {
  const first = inside.indexOf(1);
  if (first < 0) return;
  const height = Math.floor(inside.lastIndexOf(1) / size) - Math.floor(first / size) + 1;
  const depth = Math.max(1, Math.round(share * height));
  for (let x = 0; x < size; x++) {
    let top = 0;
    while (top < size && !inside[top * size + x]) top++;
    for (let y = top; y < Math.min(size, top + depth); y++) zones[y * size + x] = codeOf("skin");
  }
}

/** Distance of each pixel to the nearest ellipse, in that ellipse's diameters, [size, size]. */
function relativeDistances(ellipses: readonly Ellipse[], size: number): Float64Array {
  const nearest = new Float64Array(size * size).fill(Infinity);
  for (const ellipse of ellipses) {
    const inside = ellipseMask(ellipse, size, size).pixels;
    const distances = squaredDistances({ width: size, height: size, pixels: inside.map((value) => 1 - value) });
    const diameter = diameterOf(ellipse);
    for (let i = 0; i < nearest.length; i++) nearest[i] = Math.min(nearest[i], Math.sqrt(distances[i]) / diameter);
  }
  return nearest;
}

/** Everything that is told by the lesions, each zone over those before it. */
function paintAnatomy(zones: Uint8Array, ellipses: readonly Ellipse[], inside: Uint8Array, size: number, sizes: ZoneSizes): void {
  depthCodes(ellipses, size).forEach((code, y) => zones.fill(code, y * size, (y + 1) * size));
  for (const ellipse of ellipses)
    forEachColumn(ellipse, size, (x, enters) => {
      for (let y = 0; y < Math.min(size, enters); y++) zones[y * size + x] = codeOf("in-front");
    });
  paintSkin(zones, inside, size, sizes.skin);
  relativeDistances(ellipses, size).forEach((distance, i) => {
    if (distance <= sizes.rim) zones[i] = codeOf(distance <= sizes.innerRim ? "inner-rim" : "outer-rim");
  });
  for (const ellipse of ellipses) {
    const end = Math.floor(ellipse.row + formOf(ellipse).halfHeight + sizes.behind * diameterOf(ellipse));
    forEachColumn(ellipse, size, (x, _, leaves) => {
      for (let y = Math.max(0, Math.floor(leaves) + 1); y <= Math.min(size - 1, end); y++) zones[y * size + x] = codeOf("behind");
    });
  }
  for (const ellipse of ellipses) ellipseMask(ellipse, size, size).pixels.forEach((value, i) => value && (zones[i] = codeOf("lesion")));
}

function ellipsesOf(lesion: Mask): Ellipse[] {
  const { count, labels } = componentsOf(lesion, 8);
  return Array.from({ length: count }, (_, k) =>
    ellipseOf({ ...lesion, pixels: Uint8Array.from(labels, (label) => (label === k + 1 ? 1 : 0)) })!,
  );
}

/**
 * Zone of every pixel. Several lesions (connected components) each have their own ellipse, rims, band in front and band behind.
 *
 * Where zones meet: padding wins over artefacts, as there is no image; artefacts over anatomy, as ink hides it; the lesion over the band
 * behind another; the band behind over the rims, so that it begins where the beam leaves the lesion; the inner rim over the outer; the rims
 * over the skin, as what is beside a lesion is its surroundings first; the skin over the band in front, which begins below it; that band over
 * flanks and far field, which are told by depth alone; and the flanks of any lesion over the far field of one above it.
 * @param lesion 1 on the lesion, [size, size]
 * @param inside 1 where the frame shows the image, better its field of view, [size, size]
 * @param artefacts 1 on drawn pixels, [size, size]
 * @returns index into {@link zoneNames}, or {@link OUTSIDE}, [size, size]
 */
export function zonesOf(lesion: Uint8Array, inside: Uint8Array, size: number, sizes: ZoneSizes, artefacts?: Uint8Array): Uint8Array {
  for (const [name, plane] of Object.entries({ lesion, inside, artefacts }))
    if (plane && plane.length !== size * size)
      throw new RangeError(`zonesOf: ${name} must have ${size} × ${size} pixels, got ${plane.length}`);
  const zones = new Uint8Array(size * size).fill(codeOf("elsewhere"));
  const ellipses = ellipsesOf({ width: size, height: size, pixels: lesion });
  if (ellipses.length > 0) paintAnatomy(zones, ellipses, inside, size, sizes);
  for (let i = 0; i < zones.length; i++) {
    if (artefacts?.[i]) zones[i] = codeOf("artefacts");
    if (!inside[i]) zones[i] = OUTSIDE;
  }
  return zones;
}
