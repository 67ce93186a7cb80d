/** @file Colour maps as look-up tables. Diverging ones show the sign of the evidence, sequential ones its strength only. */
import { interpolateCividis, interpolateMagma, interpolateRdBu, interpolateViridis, rgb } from "d3";

export interface ColourMap {
  label: string;
  kind: "diverging" | "sequential";
  /** red, green, blue (0–255) of 256 steps, [256, 3] */
  table: Uint8Array;
}

/** d3 gives "#hex" for some maps and "rgb()" for others; `rgb` reads both. */
function tableOf(colour: (t: number) => string): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const { r, g, b } = rgb(colour(i / 255));
    table.set([r, g, b], 3 * i);
  }
  return table;
}

export const COLOUR_MAPS = {
  // reversed: red is evidence for the positive class, as everywhere on the page
  diverging: { label: "Red–blue (signed)", kind: "diverging", table: tableOf((t) => interpolateRdBu(1 - t)) },
  magma: { label: "Magma (strength)", kind: "sequential", table: tableOf(interpolateMagma) },
  viridis: { label: "Viridis (strength)", kind: "sequential", table: tableOf(interpolateViridis) },
  cividis: { label: "Cividis (strength)", kind: "sequential", table: tableOf(interpolateCividis) },
} satisfies Record<string, ColourMap>;
export type ColourMapName = keyof typeof COLOUR_MAPS;

/** Step (0–255) of a value. At |value| ≥ limit colours saturate. */
export function stepOf(kind: ColourMap["kind"], value: number, limit: number): number {
  const share = Math.max(-1, Math.min(1, value / limit));
  return Math.round(kind === "diverging" ? 127.5 * (1 + share) : 255 * Math.abs(share));
}
