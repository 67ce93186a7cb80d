/** @file The colour scale under the picture: the very colours of the overlay, with raw values. */
import { format } from "d3";
import { stepOf, type ColourMap } from "./colour-maps.ts";

export interface Legend {
  /** position 0–1 from left to right */
  stops: { at: number; colour: string; opacity: number }[];
  ticks: { at: number; label: string }[];
}

const STOPS = 24;
const significant = format(".2~r");
const rawNumber = (value: number): string =>
  (Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3) ? format(".1~e")(value) : significant(value)).replace("-", "−");

/** @param limit |value| at which colours saturate @param opacity as in the overlay */
export function legendOf({ kind, table }: ColourMap, limit: number, opacity: number): Legend {
  const from = kind === "diverging" ? -limit : 0;
  const valueAt = (at: number) => from + at * (limit - from);
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => {
    const at = i / STOPS;
    const row = 3 * stepOf(kind, valueAt(at), limit);
    return { at, colour: `rgb(${table[row]}, ${table[row + 1]}, ${table[row + 2]})`, opacity: (opacity * Math.abs(valueAt(at))) / limit };
  });
  const marks = kind === "diverging" ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  return { stops, ticks: marks.map((at) => ({ at, label: rawNumber(valueAt(at)) })) };
}
