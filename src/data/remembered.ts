/** @file What takes long to find, kept in a file of the cache. */
import type { z } from "zod";
import { readIfThere, writeAtomic } from "../util/files.ts";

/** What `file` holds as JSON, else what `find` finds. A damaged memory is forgotten; one that cannot be written is no failure. */
export async function remembered<T>(file: string, schema: z.ZodType<T>, find: () => T | Promise<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse((await readIfThere(file))!.toString("utf8")));
  } catch {
    // never looked for, or not readable
  }
  const found = await find();
  await writeAtomic(file, JSON.stringify(found)).catch(() => undefined);
  return found;
}
