/** @file One number in [0, 1) for each parameter, made a point of the space. */
import type { Params, Parameter, ParamValue, Space } from "../config/tune.ts";
import { axisOf, valueAt } from "./axis.ts";
import { onlyActive } from "./space.ts";

/** The value of a parameter at share `u` of its axis. */
export function valueAtShare(parameter: Parameter, u: number): ParamValue {
  if (parameter.kind === "category") return parameter.choices[Math.floor(u * parameter.choices.length)];
  const axis = axisOf(parameter);
  return valueAt(axis, axis.from + u * (axis.to - axis.from));
}

/**
 * The point of the space at `shares`; a parameter whose condition does not hold uses up its number all the same.
 * @param shares [parameters] in the order of the space, each in [0, 1)
 */
export function pointAt(space: Space, shares: ArrayLike<number>): Params {
  return onlyActive(space, Object.fromEntries(space.map((parameter, i) => [parameter.path, valueAtShare(parameter, shares[i])])));
}
