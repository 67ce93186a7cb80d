/** @file Axes as data. */
import type { ScaleLinear } from "d3";

export interface Tick {
  /** pixels along the axis */
  at: number;
  label: string;
}

/** The box inside a chart where data are drawn, in pixels. */
export interface Plot {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** @param whole only at integers: there is no half step */
export function ticksOf(scale: ScaleLinear<number, number>, count: number, whole = false): Tick[] {
  const label = scale.tickFormat(count);
  const values = scale.ticks(count).filter((value) => !whole || Number.isInteger(value));
  return values.map((value) => ({ at: scale(value), label: label(value) }));
}
