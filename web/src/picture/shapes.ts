/** @file Shapes over the picture, in frame pixels: the lesion's outline and hot spots. */
import { contours } from "d3";

/** Bytes of a base64 text. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** SVG path around the ones of a mask [size, size]; empty where there are none. */
export function outlineOf(mask: Uint8Array, size: number): string {
  const { coordinates } = contours().size([size, size]).contour(Array.from(mask), 0.5);
  return coordinates
    .flat()
    .map((ring) => `M${ring.map(([x, y]) => `${+x.toFixed(2)},${+y.toFixed(2)}`).join("L")}Z`)
    .join("");
}

/** Radius, in frame pixels, of a disc with the hot spot's area. @param area share of the frame */
export const radiusOf = (area: number, size: number): number => Math.sqrt((area * size * size) / Math.PI);
