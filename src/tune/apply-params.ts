/** @file A trial's parameters as settings of a study, and the check that a study takes every value of a space. */
import type { z } from "zod";
import { applyOverrides, parseConfig } from "../config/parse.ts";
import type { Parameter, Params, Space } from "../config/tune.ts";
import { UserError } from "../util/user-error.ts";
import { axisOf } from "./axis.ts";
import { isActive, parentsFirst } from "./space.ts";
import { valueAtShare } from "./uniform.ts";

/**
 * Sets `params` in a study, and returns a new one as the schema reads it. The names of methods and presets go first, since a new one takes the settings
 * of the old with it. The study must have its defaults filled in: a default such as an optimiser's is taken whole or not at all.
 * @param study as `schema` parsed it; it is not changed
 * @param what names the study in errors: "trial 7"
 * @throws UserError for a path that the schema does not know, with the nearest name, or a value that it refuses
 */
export function applyParams<S extends z.ZodType>(schema: S, study: z.output<S>, params: Params, what: string): z.output<S> {
  const chooses = (path: string) => /(^|\.)(name|preset)$/.test(path);
  const ordered = Object.entries(params).sort(([a], [b]) => Number(chooses(b)) - Number(chooses(a)));
  for (const [path] of ordered) checkIndices(study, path, what);
  const overrides = ordered.map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  return parseConfig(schema, applyOverrides(schema, study, overrides), what);
}

/** A list has places only, and only those that it has: the schema would not see others. */
function checkIndices(study: unknown, path: string, what: string): void {
  let node = study;
  const keys = path.split(".");
  keys.forEach((key, i) => {
    if (Array.isArray(node) && !(/^\d+$/.test(key) && Number(key) < node.length))
      throw new UserError(
        `${what}: ${path}: "${keys.slice(0, i).join(".")}" is a list of ${node.length}, which has no "${key}": use 0 to ${node.length - 1}`,
        { status: 422 },
      );
    node = (node as Record<string, unknown> | null | undefined)?.[key];
  });
}

/**
 * Throws unless the study takes both ends of every numeric parameter and every choice, each with what its condition asks for. Not every combination
 * is tried: a pair of values that the study refuses together fails its trial.
 * @throws UserError that names the parameter
 */
export function checkStudyTakes<S extends z.ZodType>(schema: S, study: z.output<S>, space: Space): void {
  for (const parameter of space) {
    const values = parameter.kind === "category" ? parameter.choices : [parameter.low, axisOf(parameter).high];
    for (const value of values)
      applyParams(schema, study, pointWith(space, parameter, value), `search space, ${parameter.path} = ${JSON.stringify(value)}`);
  }
}

/** A point in which `parameter` is set and has `value`: its ancestors as conditions ask, the others at their first value. */
function pointWith(space: Space, parameter: Parameter, value: Params[string]): Params {
  const wanted: Params = { [parameter.path]: value };
  let child: Parameter | undefined = parameter;
  while (child?.when) {
    const { parameter: parent, equals }: NonNullable<Parameter["when"]> = child.when;
    wanted[parent] = equals[0];
    child = space.find(({ path }) => path === parent);
  }
  const params: Params = {};
  for (const each of parentsFirst(space))
    if (isActive(each, params)) params[each.path] = each.path in wanted ? wanted[each.path] : valueAtShare(each, 0);
  return params;
}
