/** @file Layout of a forest plot: one interval a row on a common axis around "no effect". */
import { scaleLinear } from "d3";
import { ticksOf, type Tick } from "./axis.ts";

export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

export interface ForestLayout {
  /** pixels of "no effect" */
  zero: number;
  rows: { low: number; estimate: number; high: number }[];
  ticks: Tick[];
}

const MARGIN = 14;
/** Half width of the axis at least: small effects must look small. */
const LEAST = 0.5;

/** @param limit largest effect that there can be: 1 for Cliff's delta */
export function forestLayout(rows: readonly Interval[], width: number, limit: number): ForestLayout {
  const widest = Math.max(LEAST, ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  const half = Math.min(limit, Math.ceil(widest * 4) / 4);
  const x = scaleLinear([-half, half], [MARGIN, width - MARGIN]).clamp(true);
  return {
    zero: x(0),
    rows: rows.map(({ low, estimate, high }) => ({ low: x(low), estimate: x(estimate), high: x(high) })),
    ticks: ticksOf(x, 4),
  };
}
