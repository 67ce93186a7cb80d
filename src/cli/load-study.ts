/** @file Reads a study file, applies --data, --seed and --set, and parses the result once. */
import { existsSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { applyOverrides, parseConfig } from "../config/parse.ts";
import { studySchema, type StudyConfig } from "../config/study.ts";
import { packageRoot } from "../util/files.ts";
import { messageOf, UserError } from "../util/user-error.ts";

export interface StudyOverrides {
  data?: string | undefined;
  seed?: number | undefined;
  set?: readonly string[] | undefined;
}

/** What a study file exports: the study, and a search over it where it declares one. */
interface StudyModule {
  default?: unknown;
  tune?: unknown;
}

/** The module in `file`. @throws UserError where there is none, or it cannot be loaded */
export async function studyModule(file: string): Promise<StudyModule> {
  const path = [resolve(file), join(packageRoot, file), join(packageRoot, "experiments", `${file}.ts`)].find((candidate) =>
    statSync(candidate, { throwIfNoEntry: false })?.isFile(),
  );
  if (!path)
    throw new UserError(`no such study file: ${file} (looked in the current folder and in ${packageRoot}/experiments)`, { status: 404 });
  return importStudy(path, file);
}

/**
 * The study in `file` (a module with a default export), with overrides.
 * @throws UserError naming the file, the key and the value
 */
export async function loadStudy(file: string, { data, seed, set = [] }: StudyOverrides): Promise<StudyConfig> {
  const module = await studyModule(file);
  if (module.default === undefined)
    throw new UserError(`study ${file} has no default export; write \`export default { name: …, data: … }\``);
  const named = parseConfig(studySchema, module.default, `study ${file}`);
  const overrides = [
    ...(data === undefined ? [] : [`data.source=${JSON.stringify(absolute(data))}`]),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...set,
  ];
  return parseConfig(
    studySchema,
    applyOverrides(studySchema, named, overrides),
    overrides.length > 0 ? `study ${file} with overrides` : `study ${file}`,
  );
}

async function importStudy(path: string, file: string): Promise<StudyModule> {
  try {
    return (await import(pathToFileURL(path).href)) as StudyModule;
  } catch (error) {
    const reason = messageOf(error).split("\n").slice(0, 2).join(" "); // a compiler says what in the first line, where in the second
    throw new UserError(`study ${file} cannot be loaded (${reason}); it must be a TypeScript or JavaScript module`, { cause: error });
  }
}

/** A data source given on the command line is relative to the current folder, wherever stages run. */
function absolute(source: string): string {
  const at = source.indexOf(":");
  const [reader, path] = at > 1 ? [source.slice(0, at + 1), source.slice(at + 1)] : ["", source];
  return reader + (isAbsolute(path) || !existsSync(resolve(path)) ? path : resolve(path));
}
