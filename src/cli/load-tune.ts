/** @file Reads the search that a study file declares, or that --space names, and applies options to it. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { applyOverrides, parseConfig } from "../config/parse.ts";
import { studyTuneSchema, type StudyTune } from "../config/tune-study.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { studyModule } from "./load-study.ts";

export interface TuneOverrides {
  /** file with another space, or another search */
  space?: string | undefined;
  trials?: number | undefined;
  seed?: number | undefined;
  sampler?: string | undefined;
  pruner?: string | undefined;
  metric?: string | undefined;
  /** `path=value`, the path inside the search */
  set?: readonly string[] | undefined;
}

/** @throws UserError naming the file, the key and the value */
export async function loadTune(file: string, { space, set = [], ...options }: TuneOverrides): Promise<StudyTune> {
  const declared = (await studyModule(file)).tune;
  const given = space === undefined ? declared : await readSpace(space);
  if (given === undefined)
    throw new UserError(
      `study ${file} declares no search space: add \`export const tune = { space: [ … ] }\` to it, or give a file with --space (docs/tuning.md)`,
      { status: 422 },
    );
  // a bare list replaces the space and keeps the rest of the study's own search
  const base: unknown = Array.isArray(given) ? { ...(declared as object | undefined), space: given } : given;
  const what = space === undefined ? `search of study ${file}` : `search ${space}`;
  const { trials, seed, ...named } = options;
  const overrides = [
    ...Object.entries({ trials, seed }).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`])),
    ...Object.entries(named).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key === "metric" ? key : `${key}.name`}=${JSON.stringify(value)}`],
    ),
    ...set,
  ];
  const parsed = parseConfig(studyTuneSchema, base, what);
  if (overrides.length === 0) return parsed;
  return parseConfig(studyTuneSchema, applyOverrides(studyTuneSchema, parsed, overrides), `${what} with options`);
}

/** JSON, or a module that exports `tune`, or the same by default. */
async function readSpace(file: string): Promise<unknown> {
  if (!file.endsWith(".json")) {
    const { tune, default: byDefault } = await studyModule(file);
    if (tune === undefined && byDefault === undefined)
      throw new UserError(`--space ${file}: the module exports neither tune nor a default; write \`export const tune = { space: [ … ] }\``);
    return tune ?? byDefault;
  }
  if (!existsSync(resolve(file))) throw new UserError(`--space ${file}: there is no such file`, { status: 404 });
  try {
    return JSON.parse(await readFile(resolve(file), "utf8")) as unknown;
  } catch (error) {
    throw new UserError(`--space ${file} cannot be read as JSON (${messageOf(error)}); correct it`, { cause: error });
  }
}
