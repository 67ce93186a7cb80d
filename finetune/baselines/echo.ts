/**
 * @file Brightness in and around a lesion, by its fitted ellipse and never by its outline: mean and spread of grey levels. What was drawn into the image and what lies
 * outside the field of view is not counted.
 */
import { annotationsOf } from "../../src/image/annotations.ts";
import type { GreyImage, Mask } from "../../src/image/decode.ts";
import { diameterOf, formOf, type Ellipse } from "../../src/image/ellipse.ts";
import { fieldOfViewOf } from "../../src/image/field-of-view.ts";
import { mean, sd } from "../../src/metrics/moments.ts";

/** Width of the rim, in diameters of the ellipse: both rims of src/image/zones.ts together, as they are by default. */
const RIM = 0.35;

export const echoFeatures = ["lesion mean", "lesion spread", "rim mean", "rim spread"] as const;
export type EchoFeature = (typeof echoFeatures)[number];

/** @param ellipse of the lesion, in the image's own rows and columns */
export function echoOf(image: GreyImage, ellipse: Ellipse): Record<EchoFeature, number> {
  const field = fieldOfViewOf(image);
  const { lesion, rim } = levelsAround(image, ellipse, { field: field.mask, drawn: annotationsOf(image, field).mask });
  const [inside, around] = [lesion, rim].map((levels) => ({
    mean: levels.length > 0 ? mean(levels) : 0, // nothing is seen there
    spread: levels.length > 1 ? sd(levels) : 0,
  }));
  return { "lesion mean": inside.mean, "lesion spread": inside.spread, "rim mean": around.mean, "rim spread": around.spread };
}

/** Grey levels within the ellipse, and between it and the same ellipse with half axes longer by {@link RIM} diameters. */
function levelsAround(
  { width, height, pixels }: GreyImage,
  ellipse: Ellipse,
  { field, drawn }: { field: Mask; drawn: Mask },
): { lesion: number[]; rim: number[] } {
  const more = 2 * RIM * diameterOf(ellipse);
  const inner = formOf(ellipse);
  const outer = formOf({ ...ellipse, major: ellipse.major + more, minor: ellipse.minor + more });
  const within = ({ rr, rc, cc }: typeof inner, dr: number, dc: number) => rr * dr * dr + 2 * rc * dr * dc + cc * dc * dc <= 1;
  const [lesion, rim]: [number[], number[]] = [[], []];
  const last = { y: Math.min(height - 1, ellipse.row + outer.halfHeight), x: Math.min(width - 1, ellipse.column + outer.halfWidth) };
  for (let y = Math.max(0, Math.ceil(ellipse.row - outer.halfHeight)); y <= last.y; y++)
    for (let x = Math.max(0, Math.ceil(ellipse.column - outer.halfWidth)); x <= last.x; x++) {
      const i = y * width + x;
      if (!field.pixels[i] || drawn.pixels[i]) continue;
      const [dr, dc] = [y - ellipse.row, x - ellipse.column];
      if (within(inner, dr, dc)) lesion.push(pixels[i]);
      else if (within(outer, dr, dc)) rim.push(pixels[i]);
    }
  return { lesion, rim };
}
