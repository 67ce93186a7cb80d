/** @file Annotations whose colours name what lies there: from colours to codes. */
import { decodeRgb, type RgbImage } from "./decode.ts";

type Rgb = readonly [red: number, green: number, blue: number];

/** What an annotation tells apart; the code of an entry is its place in the list. */
export type Palette = readonly { readonly name: string; readonly colours: readonly Rgb[] }[];

/** Codes of a palette, row-major, [height, width]. */
export interface CodeImage {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/**
 * The entry of the nearest colour for each pixel, by Euclidean distance; of equally near ones the first. Drawing programs blend edges and
 * JPEG shifts colours, so few annotations hold their palette exactly.
 */
export function nearestPalette({ width, height, pixels }: RgbImage, palette: Palette): CodeImage {
  if (palette.length === 0 || palette.length > 256)
    throw new RangeError(`nearestPalette: a palette has 1 to 256 entries, got ${palette.length}`);
  const entries = palette.flatMap(({ colours }, code) => colours.map((rgb) => ({ code, rgb })));
  const nearest = (red: number, green: number, blue: number): number => {
    let [least, best] = [Infinity, 0];
    for (const { code, rgb } of entries) {
      const distance = (rgb[0] - red) ** 2 + (rgb[1] - green) ** 2 + (rgb[2] - blue) ** 2;
      if (distance < least) [least, best] = [distance, code];
    }
    return best;
  };
  const known = new Map<number, number>();
  const codes = new Uint8Array(width * height);
  for (let i = 0; i < codes.length; i++) {
    const [red, green, blue] = [pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]];
    const colour = (red << 16) | (green << 8) | blue;
    let code = known.get(colour);
    if (code === undefined) known.set(colour, (code = nearest(red, green, blue)));
    codes[i] = code;
  }
  return { width, height, pixels: codes };
}

/**
 * Organs of USSimAndSegm. (10, 0, 10) is the background of one real annotation, a2.png; without it those pixels would be simulated tissue.
 * Reference: Vitale 2020, Improving realism in patient-specific abdominal ultrasound simulation using CycleGANs, doi:10.1007/s11548-019-02046-5.
 */
export const abdominalOrgans = [
  {
    name: "background",
    colours: [
      [0, 0, 0],
      [10, 0, 10],
    ],
  },
  { name: "liver", colours: [[100, 0, 100]] },
  { name: "kidney", colours: [[255, 255, 0]] },
  { name: "gallbladder", colours: [[0, 255, 0]] },
  { name: "vessels", colours: [[255, 0, 0]] },
  { name: "spleen", colours: [[255, 0, 255]] },
  { name: "pancreas", colours: [[0, 0, 255]] },
  { name: "adrenals", colours: [[0, 255, 255]] },
  { name: "bones", colours: [[255, 255, 255]] },
  { name: "simulated tissue", colours: [[10, 10, 10]] },
] as const satisfies Palette;

/**
 * Codes of {@link abdominalOrgans} in an annotation file; transparent pixels are background.
 * @param name what error messages call the file
 * @throws UserError as decodeGrey
 */
export const decodeOrgans = async (bytes: Uint8Array, name: string): Promise<CodeImage> =>
  nearestPalette(await decodeRgb(bytes, name), abdominalOrgans);
