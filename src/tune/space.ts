/** @file A search space: which parameters are set under which values of others, and how a value lies on its axis. */
import type { Parameter, Params, ParamValue, Space } from "../config/tune.ts";

/** Equality of choices, arrays included. */
export const sameValue = (a: ParamValue, b: ParamValue): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Parents before those that depend on them; otherwise the order of the space. */
export function parentsFirst(space: Space): Space {
  const sorted: Parameter[] = [];
  const add = (parameter: Parameter): void => {
    if (sorted.includes(parameter)) return;
    const parent = space.find(({ path }) => path === parameter.when?.parameter);
    if (parent) add(parent);
    sorted.push(parameter);
  };
  space.forEach(add);
  return sorted;
}

/** Whether the condition of `parameter` holds among `params`, in which its parent stands if it is set. */
export function isActive({ when }: Parameter, params: Params): boolean {
  if (!when) return true;
  return when.parameter in params && when.equals.some((value) => sameValue(value, params[when.parameter]));
}

/** Keeps of `values` (one for every parameter) those whose condition holds. */
export function onlyActive(space: Space, values: Params): Params {
  const params: Params = {};
  for (const parameter of parentsFirst(space)) if (isActive(parameter, params)) params[parameter.path] = values[parameter.path];
  return params;
}

/**
 * Parameters that are set in the same trials, group by group, parents' groups first: the conditions that decide it are the same.
 * Optuna finds these groups from what was tried (`group=True`); here the conditions are known.
 */
export function groupsOf(space: Space): Parameter[][] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parentsFirst(space)) {
    const { when } = parameter;
    const key = when ? JSON.stringify([when.parameter, when.equals.map((value) => JSON.stringify(value)).sort()]) : "";
    groups.set(key, [...(groups.get(key) ?? []), parameter]);
  }
  return [...groups.values()];
}

/** Whether `params` sets what the conditions ask for, and nothing else, to values of the space. */
export function fits(space: Space, params: Params): boolean {
  const active = parentsFirst(space).filter((parameter) => isActive(parameter, params));
  return Object.keys(params).length === active.length && active.every((parameter) => holds(parameter, params[parameter.path]));
}

function holds(parameter: Parameter, value: ParamValue | undefined): boolean {
  if (value === undefined) return false;
  if (parameter.kind === "category") return parameter.choices.some((choice) => sameValue(choice, value));
  if (typeof value !== "number" || value < parameter.low || value > parameter.high) return false;
  if (parameter.step === undefined) return true;
  const steps = (value - parameter.low) / parameter.step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}
