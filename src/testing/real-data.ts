/** @file Where real data sets lie that the repository does not hold: in the folder SONOMARK_DATA, else in shared/data beside the repository. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../util/files.ts";

/** The absolute path of a real file or folder, or undefined after saying that its tests are skipped. */
export async function realData(path: string): Promise<string | undefined> {
  const full = join(process.env.SONOMARK_DATA ?? join(packageRoot, "../shared/data"), path);
  const there = await access(full).then(
    () => true,
    () => false,
  );
  if (there) return full;
  console.log(`skipped: there is no ${full} (set SONOMARK_DATA)`);
  return undefined;
}
