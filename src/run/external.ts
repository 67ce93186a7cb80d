/** @file Runs an external test as one task of the study whose models are asked: a child of its run, in its experiment. */
import type { ExternalTest } from "../config/external.ts";
import type { Task } from "../config/task.ts";
import type { Run, Store } from "../tracking/store.ts";
import { hashOf } from "../util/hash.ts";
import type { FittedModels } from "./fitted-models.ts";
import { runLocally, type ExecutorOptions } from "./local.ts";
import { closeAbandoned } from "./study.ts";
import { KEY_TAG } from "./tags.ts";
import { decidingConfig } from "./task-params.ts";

export interface ExternalTestRun extends Pick<ExecutorOptions, "signal" | "onEvent"> {
  store: Store;
  /** digest of the data set and of what it was compared with */
  digest: string;
  /** names the data set in the task's name: its reader */
  reader: string;
  code: string;
  engine: string;
  now: () => number;
}

/**
 * The finished run of the test, which is not run again where the store holds it. The caller holds the study's lock.
 * @param test its paths are absolute: the task may run anywhere
 * @throws UserError for what the user can cure; the abort reason where `signal` fires, with the run marked KILLED
 */
export async function runExternalTest(
  { study, studyRun, models, evaluated }: FittedModels,
  test: ExternalTest,
  { store, digest, reader, code, engine, now, ...options }: ExternalTestRun,
): Promise<{ run: Run; ran: boolean }> {
  const { experimentId, runId: parentRunId } = studyRun.info;
  const needs = Object.fromEntries([...models.map(({ name, key }) => [name, key]), ...(evaluated ? [["evaluate", evaluated]] : [])]);
  const { source: _path, groups: _table, training, ...asked } = test;
  const stage = "external" as const;
  const config = { ...decidingConfig({ stage, arm: null, study }), asked, compared: training !== null };
  const key = hashOf({ stage, needs, config, digest, code, engine });
  const finished = async () =>
    (await store.searchRuns({ experimentIds: [experimentId], tags: { [KEY_TAG]: key }, status: ["FINISHED"] })).at(0);
  const held = await finished();
  if (held) return { run: held, ran: false };
  const task: Task = {
    ...{ name: `external/${reader}`, key, stage, fold: null, arm: null, repeat: 0, seed: 0, checkpoint: null },
    ...{ needs, study, external: test, data: digest, code, store: store.uri, experimentId, parentRunId },
  };
  await closeAbandoned(store, experimentId, parentRunId, now);
  try {
    await runLocally([task], { ...options, jobs: 1 });
  } catch (error) {
    await closeAbandoned(store, experimentId, parentRunId, now).catch(() => {}); // a store that fails here too must not hide why
    throw error;
  }
  return { run: (await finished())!, ran: true };
}
