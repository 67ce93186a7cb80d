/** @file From what a user calls a model to the models that answer: an ONNX file, a folder, a run, or the folds of a study. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { armName } from "../config/arm.ts";
import type { ArtifactReader } from "../explain/trained-classifier.ts";
import { storedPlan } from "../run/stored-plan.ts";
import { KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "../run/tags.ts";
import type { Run, Store } from "../tracking/store.ts";
import { UserError } from "../util/user-error.ts";
import { namesIn } from "./input-files.ts";
import { onnxMember, weightsMember, type Member } from "./member.ts";

const WEIGHTS = "classifier.safetensors";
const CONFIG = "config.json";
const ONNX = "model.onnx";

/**
 * @param what path of an `.onnx` file or of a folder with weights and config, else the id or name of a run
 * @throws UserError where it is none of these, or holds no classifier
 */
export async function findModels(what: string, { cwd, store }: { cwd: string; store: Store }): Promise<Member[]> {
  const path = resolve(cwd, what);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [await fileMember(path, what)];
  for (const folder of found ? [path, join(path, "model")] : []) {
    const names = await namesIn(folder);
    if (names.includes(WEIGHTS) && names.includes(CONFIG)) return [await weightsMember(folderReader(folder), what, what)];
    if (names.includes(ONNX)) return [await fileMember(join(folder, ONNX), join(what, ONNX))];
  }
  return runMembers(store, await findRun(store, what, found !== undefined));
}

async function fileMember(path: string, what: string): Promise<Member> {
  if (basename(path) === WEIGHTS) return weightsMember(folderReader(dirname(path)), what, what);
  return onnxMember(await readFile(path), what);
}

/** A folder in the place of a run. */
const folderReader = (folder: string): ArtifactReader => ({
  readArtifact: async (_, path) =>
    readFile(join(folder, basename(path))).catch((cause: unknown) => {
      throw new UserError(`${join(folder, basename(path))}: no such file; a model's folder holds ${WEIGHTS} and ${CONFIG}`, {
        status: 404,
        cause,
      });
    }),
});

/** By id, by the name of a study, or by that of a task; the newest of equal names. */
async function findRun(store: Store, what: string, isFolder: boolean): Promise<Run> {
  if (/^[0-9a-f]{32}$/.test(what)) return store.getRun(what);
  const experimentIds = (await store.listExperiments()).map(({ experimentId }) => experimentId);
  const asked: Record<string, string>[] = [{ [TASK_TAG]: STUDY_TASK, [STUDY_TAG]: what }, { [TASK_TAG]: what }];
  for (const tags of asked) {
    const [newest] = experimentIds.length === 0 ? [] : await store.searchRuns({ experimentIds, tags, status: ["FINISHED"], maxResults: 1 });
    if (newest) return newest;
  }
  throw new UserError(
    isFolder
      ? `${what}: the folder holds no ${WEIGHTS} with ${CONFIG}; give one that does, an .onnx file, or a run`
      : `--model ${what}: there is no such file or folder, and ${store.uri} has no finished run of this id or name; give an .onnx file, a folder with ${WEIGHTS} and ${CONFIG}, or a run`,
    { status: 404 },
  );
}

async function runMembers(store: Store, run: Run): Promise<Member[]> {
  if (run.tags[TASK_TAG] !== STUDY_TASK) return [await runMember(store, run)];
  const members: Member[] = [];
  for (const fold of await foldRuns(store, run)) members.push(await runMember(store, fold));
  return members;
}

async function runMember(store: Store, { info: { runId }, tags }: Run): Promise<Member> {
  const name = `${tags[TASK_TAG] ?? "run"} (${runId})`;
  if (!(await store.listArtifacts(runId, "model")).some(({ path }) => basename(path) === WEIGHTS))
    throw new UserError(`${name}: the run holds no classifier (model/${WEIGHTS}); give a fine-tuning run or a study`, { status: 404 });
  const { metadata, ...member } = await weightsMember(store, runId, name);
  return { ...member, metadata: { ...metadata, runId, task: tags[TASK_TAG] ?? null, taskKey: tags[KEY_TAG] ?? null } };
}

/** The finished runs that fitted the study's first model, every fold and repeat. */
async function foldRuns(store: Store, study: Run): Promise<Run[]> {
  const { tasks, runOf } = await storedPlan(store, study);
  const fitted = tasks.filter(({ stage }) => stage === "finetune");
  return fitted.filter(({ arm }) => armName(arm!) === armName(fitted[0].arm!)).map(runOf);
}
