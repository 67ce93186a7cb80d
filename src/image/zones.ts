/**
 * @file Anatomical zones of a frame: the lesion, the rim around it, the band behind it, and elsewhere. The beam runs down the image.
 * They are drawn from the ellipse fitted to each lesion, never from the outline itself: annotators trace benign and malignant lesions in
 * different styles, and zones that copy the outline would let the class leak into every share of saliency.
 * Reference: Hong et al. 2005, AJR 184(4):1260–1265 (posterior features); zone widths in equivalent diameters, as data sets give no millimetres.
 */
import { componentsOf } from "./components.ts";
import { squaredDistances } from "./distance.ts";
import { diameterOf, ellipseMask, ellipseOf, formOf, type Ellipse } from "./ellipse.ts";

/** A pixel's code is its zone's index here, or {@link OUTSIDE}. */
export const zoneNames = ["lesion", "around", "behind", "elsewhere"] as const;
export type ZoneName = (typeof zoneNames)[number];
const [LESION, AROUND, BEHIND, ELSEWHERE] = [0, 1, 2, 3];

/** Code of padding, where the frame shows no image. */
export const OUTSIDE = zoneNames.length;

/** Lengths in diameters of the circle that has the fitted ellipse's area. */
export interface ZoneSizes {
  /** width of the zone around the lesion */
  rim: number;
  /** length of the zone behind the lesion */
  behind: number;
}

/** Pixels within `reach` of the ellipse. */
function paintAround(zones: Uint8Array, size: number, ellipse: Ellipse, reach: number): void {
  const inside = ellipseMask(ellipse, size, size).pixels;
  const distances = squaredDistances({ width: size, height: size, pixels: inside.map((value) => 1 - value) });
  for (let i = 0; i < zones.length; i++) if (distances[i] <= reach * reach) zones[i] = AROUND;
}

/**
 * Columns of the ellipse's bounding box, each from the ellipse's lower edge down to `reach` below the box. So the band begins where the beam leaves
 * the lesion, and it wins over the rim.
 */
function paintBehind(zones: Uint8Array, size: number, ellipse: Ellipse, reach: number): void {
  const { rr, rc, cc, halfHeight, halfWidth } = formOf(ellipse);
  const end = Math.min(size - 1, Math.floor(ellipse.row + halfHeight + reach));
  const first = Math.max(0, Math.ceil(ellipse.column - halfWidth));
  const last = Math.min(size - 1, Math.floor(ellipse.column + halfWidth));
  for (let x = first; x <= last; x++) {
    const dc = x - ellipse.column;
    // lower root of rr·dr² + 2·rc·dr·dc + cc·dc² = 1
    const edge = ellipse.row + (-rc * dc + Math.sqrt(Math.max(0, (rc * dc) ** 2 - rr * (cc * dc * dc - 1)))) / rr;
    for (let y = Math.max(0, Math.floor(edge) + 1); y <= end; y++) zones[y * size + x] = BEHIND;
  }
}

/**
 * Zone of every pixel. Several lesions (connected components) each have their own ellipse, rim and band. Where zones meet, the lesion wins over
 * the band behind, the band over the rim, and padding over all; without a lesion everything is elsewhere.
 * @param lesion 1 on the lesion, [size, size]
 * @param inside 1 where the frame shows the image, [size, size]
 * @returns index into {@link zoneNames}, or {@link OUTSIDE}, [size, size]
 */
export function zonesOf(lesion: Uint8Array, inside: Uint8Array, size: number, { rim, behind }: ZoneSizes): Uint8Array {
  if (lesion.length !== size * size || inside.length !== size * size)
    throw new RangeError(`zonesOf: lesion and inside must have ${size} × ${size} pixels, got ${lesion.length} and ${inside.length}`);
  const { count, labels } = componentsOf({ width: size, height: size, pixels: lesion }, 8);
  const ellipses = Array.from({ length: count }, (_, k) =>
    ellipseOf({ width: size, height: size, pixels: Uint8Array.from(labels, (label) => (label === k + 1 ? 1 : 0)) })!,
  );

  const zones = new Uint8Array(size * size).fill(ELSEWHERE);
  for (const ellipse of ellipses) paintAround(zones, size, ellipse, rim * diameterOf(ellipse));
  for (const ellipse of ellipses) paintBehind(zones, size, ellipse, behind * diameterOf(ellipse));
  for (const ellipse of ellipses) ellipseMask(ellipse, size, size).pixels.forEach((value, i) => value && (zones[i] = LESION));
  for (let i = 0; i < zones.length; i++) if (!inside[i]) zones[i] = OUTSIDE;
  return zones;
}
