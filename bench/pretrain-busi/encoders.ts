/** @file Pretrains encoders by the tasks that studies have, so that they are kept in the store and go on where they were stopped. */
import { hostname } from "node:os";
import type { StudyConfig } from "../../src/config/study.ts";
import { runLocally } from "../../src/run/local.ts";
import { planStudy, type Circumstances } from "../../src/run/plan.ts";
import { HOST_TAG, KEY_TAG, STUDY_TAG } from "../../src/run/tags.ts";
import { nativeTags } from "../../src/tracking/run-tags.ts";
import type { Run, Store } from "../../src/tracking/store.ts";
import { mapInFlight } from "../../src/util/in-flight.ts";
import { countdown } from "./countdown.ts";

/** An encoder to pretrain: on the images that fold `fold` of `study` trains on. */
export interface EncoderTask {
  /** for people */
  name: string;
  study: StudyConfig;
  fold: number;
  /** digest of the data and their folds */
  data: string;
}

/** A pretrained encoder in the store. */
export interface EncoderRun {
  runId: string;
  /** of its task: all that decided it */
  key: string;
}

export interface Machine {
  store: Store;
  experimentId: string;
  code: string;
  engine: string;
  jobs: number;
  signal: AbortSignal;
  now: () => number;
}

/** Pretrains what the store does not hold. The caller holds the study's lock. @returns parallel to `wanted` */
export async function encodersOf(what: string, wanted: readonly EncoderTask[], machine: Machine): Promise<EncoderRun[]> {
  const { store, experimentId, code, engine, jobs, signal, now } = machine;
  const keys = wanted.map(({ study, fold, data }) => taskOf(study, fold, { code, engine, data }).key);
  const held = await finished(machine);
  const todo = wanted.map((task, i) => ({ task, key: keys[i] })).filter(({ key }) => !held.has(key));
  const tell = countdown(what, { total: wanted.length, held: wanted.length - todo.length }, now);
  if (todo.length > 0) {
    await closeAbandoned(machine);
    const parentRunId = await parentRun(machine, wanted[0].study);
    await mapInFlight(todo, jobs, async ({ task: { study, fold, data, name } }) => {
      const task = {
        ...taskOf(study, fold, { code, engine, data }),
        study,
        data,
        code,
        checkpoint: null,
        store: store.uri,
        experimentId,
        parentRunId,
      };
      const note = (text: string) => void process.stderr.write(`${name}: ${text}\n`);
      await runLocally([task], { jobs: 1, signal, onEvent: (_, event) => event.kind === "note" && note(event.text) });
      tell(name);
    });
    await store.updateRun(parentRunId, { status: "FINISHED", endTime: Math.floor(now()) });
  }
  const runs = await finished(machine);
  return keys.map((key) => ({ key, runId: runs.get(key)!.info.runId }));
}

const taskOf = (study: StudyConfig, fold: number, circumstances: Circumstances) =>
  planStudy(study, circumstances).find((task) => task.stage === "pretrain" && task.fold === fold)!;

/** Finished runs of the experiment by their key. */
async function finished({ store, experimentId }: Machine): Promise<Map<string, Run>> {
  const runs = await store.searchRuns({ experimentIds: [experimentId], status: ["FINISHED"] });
  return new Map(runs.map((run) => [run.tags[KEY_TAG], run]));
}

/** What a killed process left RUNNING is marked KILLED: those with a checkpoint are gone on with. */
async function closeAbandoned({ store, experimentId, now }: Machine): Promise<void> {
  const open = await store.searchRuns({ experimentIds: [experimentId], tags: { [HOST_TAG]: hostname() }, status: ["RUNNING"] });
  for (const { info } of open) await store.updateRun(info.runId, { status: "KILLED", endTime: Math.floor(now()) });
}

/** One run over all of this experiment's encoders, for people who look at the store. */
async function parentRun({ store, experimentId, now }: Machine, { name, description }: StudyConfig): Promise<string> {
  const tags = { [STUDY_TAG]: name, "sonomark.bench": name };
  const [known] = await store.searchRuns({ experimentIds: [experimentId], tags, maxResults: 1 });
  const own = { ...(await nativeTags()), ...tags, [HOST_TAG]: hostname(), "mlflow.note.content": description };
  const { info } = known ?? (await store.createRun({ experimentId, name, startTime: Math.floor(now()), tags: own }));
  await store.updateRun(info.runId, { status: "RUNNING", endTime: null });
  return info.runId;
}
