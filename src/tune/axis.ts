/**
 * @file The line on which a numeric parameter is searched: logarithms where it says so, half a step of room at either end where it has steps.
 * Reference: Optuna 4.9, samplers/_tpe/parzen_estimator.py and _transform.py (the same room, so that the end values are as likely as others).
 */
import type { FloatParameter, IntParameter } from "../config/tune.ts";

export interface Axis {
  /** ends of the line */
  from: number;
  to: number;
  log: boolean;
  /** distance of the values in the parameter's own units; 0 where every number is a value */
  step: number;
  /** smallest and largest value, in the parameter's own units */
  low: number;
  high: number;
}

/** @returns the axis; `high` is the last value that steps from `low` reach */
export function axisOf({ low, high, log, step = 0 }: FloatParameter | IntParameter): Axis {
  // 1e-9: (0.3 - 0) / 0.1 is 2.999…
  const last = step > 0 ? roundOff(low + Math.floor((high - low) / step + 1e-9) * step) : high;
  const onLine = log ? Math.log : (x: number) => x;
  return { from: onLine(low - step / 2), to: onLine(last + step / 2), log, step, low, high: last };
}

/** Where `value` lies on the line. */
export const positionOf = ({ log }: Axis, value: number): number => (log ? Math.log(value) : value);

/** The value at (or, with steps, nearest to) a position on the line. */
export function valueAt({ log, step, low, high }: Axis, position: number): number {
  const raw = log ? Math.exp(position) : position;
  const value = step > 0 ? roundOff(low + Math.round((raw - low) / step) * step) : raw;
  return Math.min(high, Math.max(low, value));
}

/** The positions between which every point is rounded to `value`. */
export function cellOf({ log, step }: Axis, value: number): [number, number] {
  return log ? [Math.log(value - step / 2), Math.log(value + step / 2)] : [value - step / 2, value + step / 2];
}

/** Multiples of 0.1 without the digits of binary: 0.30000000000000004 is 0.3. */
const roundOff = (value: number): number => Number(value.toPrecision(12));
