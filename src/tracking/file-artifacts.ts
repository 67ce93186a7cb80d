/** @file Artifacts of a run folder: written whole, listed and read without ever leaving the run. */
import { existsSync } from "node:fs";
import { mkdir, open, readFile, readdir, realpath, rename, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../util/user-error.ts";
import { checkArtifactPath, checkNewArtifactPath } from "./artifact-path.ts";
import { codeOf, dropDrafts, explainDisk, openDrafts } from "./disk.ts";
import type { RunFolder } from "./file-run.ts";
import type { ArtifactEntry, RunInfo } from "./store.ts";

/** Where the artifacts lie: in the run's folder, also after the store was moved, unless its URI names another folder that is there. */
function rootOf(run: RunFolder, { artifactUri }: RunInfo): string {
  const own = join(run.path, "artifacts");
  if (/^(?!file:)[a-z][a-z0-9+.-]+:/i.test(artifactUri))
    throw new UserError(
      `artifacts of run ${run.runId} lie at ${artifactUri}, which a local store cannot reach: name the MLflow server with --store`,
    );
  if (!artifactUri.startsWith("file:///")) return own;
  const named = fileURLToPath(artifactUri);
  return named.endsWith(join(sep, run.runId, "artifacts")) && existsSync(named) ? named : own;
}

export async function writeArtifact(
  run: RunFolder,
  info: RunInfo,
  path: string,
  data: string | Uint8Array,
  randomId: () => string,
): Promise<void> {
  checkNewArtifactPath(path);
  const root = rootOf(run, info);
  const target = join(root, path);
  const drafts = openDrafts(run.parent, run.runId, randomId);
  try {
    const draft = join(drafts, "draft");
    const file = await open(draft, "w");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await mkdir(dirname(target), { recursive: true });
    await rename(draft, target);
  } catch (error) {
    throw explainDisk(error, target);
  } finally {
    dropDrafts(drafts);
  }
}

export async function listArtifacts(run: RunFolder, info: RunInfo, directory: string): Promise<ArtifactEntry[]> {
  const root = rootOf(run, info);
  const folder = await inside(root, directory);
  if (folder === undefined || !(await stat(folder)).isDirectory()) return [];
  const entries: ArtifactEntry[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) entries.push({ path, isDirectory: true, size: null });
    else if (entry.isFile()) entries.push({ path, isDirectory: false, size: (await stat(join(folder, entry.name))).size });
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export async function readArtifact(run: RunFolder, info: RunInfo, path: string): Promise<Buffer> {
  checkArtifactPath(path);
  const file = await inside(rootOf(run, info), path);
  if (file === undefined || !(await stat(file)).isFile())
    throw new UserError(`artifact ${path} is not in run ${run.runId}: list the run's artifacts to see what is`, { status: 404 });
  return readFile(file);
}

/** The real path of an artifact, or undefined where there is none. @throws UserError where a link leads out of the run */
async function inside(root: string, path: string): Promise<string | undefined> {
  if (path !== "") checkArtifactPath(path);
  try {
    const [base, target] = [await realpath(root), await realpath(join(root, path))];
    if (target === base || target.startsWith(base + sep)) return target;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
    throw error;
  }
  throw new UserError(`artifact path ${JSON.stringify(path)} leads out of the run: artifacts must be files of the run itself`);
}
