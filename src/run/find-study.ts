/** @file From what a user calls a study to its run: an id, the beginning of one, or a name. */
import { STUDY_TAG, STUDY_TASK, TASK_TAG } from "./tags.ts";
import type { Run, Store } from "../tracking/store.ts";
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";

/** Ids are that long; a beginning of four is enough where it is unique. */
const ID = /^[0-9a-f]{4,32}$/;

/** A run that is meant, and others of its name to fall back on, best first. */
const ofFinishedFirst = (runs: readonly Run[]): Run[] => [
  ...runs.filter(({ info }) => info.status === "FINISHED"),
  ...runs.filter(({ info }) => info.status !== "FINISHED"),
];

/**
 * The runs that `what` may mean, best first: by name the newest finished one, then unfinished ones from the newest on; by id that one alone.
 * @throws UserError (404) where there is none, (409) where a beginning of an id fits several
 */
export async function findStudies(store: Store, what: string): Promise<Run[]> {
  const experimentIds = (await store.listExperiments()).map(({ experimentId }) => experimentId);
  const search = async (tags: Record<string, string>) => (experimentIds.length === 0 ? [] : store.searchRuns({ experimentIds, tags }));
  const studies = await search({ [TASK_TAG]: STUDY_TASK });
  const named = studies.filter(({ tags }) => tags[STUDY_TAG] === what);
  if (named.length > 0) return ofFinishedFirst(named);
  if (!ID.test(what)) throw unknown(store, what, studies);
  const fitting = studies.filter(({ info }) => info.runId.startsWith(what));
  if (fitting.length === 1) return fitting;
  if (fitting.length > 1)
    throw new UserError(`${what} is the beginning of ${fitting.length} runs (${fitting.map(idAndName).join(", ")}); give more of it`, {
      status: 409,
    });
  const task = (await search({})).find(({ info }) => info.runId.startsWith(what));
  if (!task) throw unknown(store, what, studies);
  const parent = task.tags["mlflow.parentRunId"];
  throw new UserError(
    `run ${task.info.runId} is the task ${task.tags[TASK_TAG] ?? task.info.name}, and a study is asked for${parent ? `: give ${parent}` : "; give the run of a study"}`,
    { status: 422 },
  );
}

const idAndName = ({ info, tags }: Run): string => `${info.runId.slice(0, 8)} of ${tags[STUDY_TAG] ?? info.name}`;

function unknown(store: Store, what: string, studies: readonly Run[]): UserError {
  const names = [...new Set(studies.map(({ tags, info }) => tags[STUDY_TAG] ?? info.name))].sort();
  const near = nearest(what, names);
  const cure = near ? `did you mean ${near}?` : names.length > 0 ? `it has ${names.join(", ")}` : "it has no study yet; run one first";
  return new UserError(`${store.uri} has no study of the name or run id ${what}: ${cure}`, { status: 404 });
}
