/** @file What a study's run recorded of its plan, and the finished runs of its tasks. */
import { z } from "zod";
import { armSchema } from "../config/arm.ts";
import { parseConfig } from "../config/parse.ts";
import { stageSchema } from "../config/task.ts";
import type { Run, Store } from "../tracking/store.ts";
import { UserError } from "../util/user-error.ts";
import { KEY_TAG, STUDY_TAG } from "./tags.ts";

const storedPlanSchema = z.array(
  z.object({
    name: z.string(),
    key: z.string(),
    stage: stageSchema,
    fold: z.int().nullable(),
    arm: armSchema.nullable(),
    repeat: z.int(),
    seed: z.int(),
  }),
);
export type StoredTask = z.infer<typeof storedPlanSchema>[number];

export interface StoredPlan {
  tasks: StoredTask[];
  /** The newest finished run of a task, if there is one. */
  find(task: Pick<StoredTask, "key">): Run | undefined;
  /** @throws UserError (404) where the task has no finished run */
  runOf(task: Pick<StoredTask, "key" | "name">): Run;
}

/** Runs are found by key, since a study takes over unchanged results of an earlier one. @throws UserError where the run has no plan, or one of another version */
export async function storedPlan(store: Store, { info, tags }: Run): Promise<StoredPlan> {
  const text = (await store.readArtifact(info.runId, "plan.json")).toString("utf8");
  const tasks = parseConfig(storedPlanSchema, JSON.parse(text), `plan.json of run ${info.runId}`);
  const finished = await store.searchRuns({ experimentIds: [info.experimentId], status: ["FINISHED"] });
  const byKey = new Map(finished.map((run) => [run.tags[KEY_TAG], run] as const).reverse()); // the newest counts
  const find = ({ key }: Pick<StoredTask, "key">) => byKey.get(key);
  return {
    tasks,
    find,
    runOf(task) {
      const run = find(task);
      if (run) return run;
      const study = tags[STUDY_TAG] ?? info.name;
      throw new UserError(`study ${study}: the store has no finished run of ${task.name}; run the study again`, { status: 404 });
    },
  };
}
