/** @file What a search found: each fold's choice, the best single trial, and the task that tells what was held out from them. */
import type { StudyConfig } from "../../config/study.ts";
import type { Task } from "../../config/task.ts";
import type { Trial, TuneConfig } from "../../config/tune.ts";
import { gatheredName, gatheredSchema, OWN_TRIAL, TUNE_FILES, type Gathered, type Tuned } from "../../config/tuned.ts";
import type { Run, Store } from "../../tracking/store.ts";
import { bestTrial } from "../../tune/history.ts";
import { importances } from "../../tune/importance.ts";
import { toCsv } from "../../util/csv.ts";
import { hashOf } from "../../util/hash.ts";
import { range } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";
import { decidingConfig } from "../task-params.ts";
import { chooseByFold, isStrict } from "./choose.ts";
import { modelsOf, planTrial, type Bound } from "./evaluate-trial.ts";
import type { Circumstances } from "../plan.ts";
import { GATHER_TASK } from "./tags.ts";

/** @throws UserError where no trial came to its end */
export function found(config: TuneConfig, trials: readonly Trial[], { folds, own }: { folds: number; own: boolean }): Tuned {
  const { metric, direction, space } = config;
  const count = (state: Trial["state"]) => trials.filter((trial) => trial.state === state).length;
  const best = bestTrial(trials, direction);
  if (!best) {
    const failure = trials.find(({ state }) => state === "failed")?.reason;
    throw new UserError(
      `no trial came to its end${failure ? `, the first because ${failure}` : ""}: run more trials, or give them more time (--trials, --timeout)`,
    );
  }
  const ownTrial = own ? trials.find(({ number, state }) => number === OWN_TRIAL && state === "complete") : undefined;
  return {
    ...{ metric, direction },
    counts: { complete: count("complete"), pruned: count("pruned"), failed: count("failed") },
    byFold: chooseByFold(trials, folds, direction),
    best: { trial: best.number, value: best.value, params: best.params },
    own: ownTrial ? { trial: OWN_TRIAL, value: ownTrial.value! } : null,
    strict: isStrict(config),
    importance: importances(space, trials, direction),
  };
}

export interface GatherOptions {
  study: StudyConfig;
  circumstances: Circumstances;
  bound: Bound;
  parentRunId: string;
}

/** The task that evaluates held-out predictions: fold by fold of the trials that were chosen, of the study's own settings, of the best single trial. */
export function gatherTask(
  { byFold, best, own }: Tuned,
  trials: readonly Trial[],
  { study, circumstances, bound, parentRunId }: GatherOptions,
): Task {
  const { folds } = study.data;
  const planned = new Map<number, ReturnType<typeof modelsOf>>();
  const models = (number: number) => {
    const known = planned.get(number);
    if (known) return known;
    const { params } = trials.find((trial) => trial.number === number)!;
    const fresh = modelsOf(planTrial(study, params, number, circumstances).tasks, folds);
    planned.set(number, fresh);
    return fresh;
  };
  const trialOf: Record<Gathered, (fold: number) => number | undefined> = {
    tuned: (fold) => byFold[fold].trial,
    default: () => own?.trial,
    best: () => best.trial,
  };
  const needs = Object.fromEntries(
    gatheredSchema.options.flatMap((of) =>
      range(folds).flatMap((fold) => {
        const number = trialOf[of](fold);
        return number === undefined ? [] : [[gatheredName(of, fold), models(number)[fold].key] as const];
      }),
    ),
  );
  const stage = "tuned" as const;
  const { checkpoint: _weights, ...common } = circumstances; // in the keys of what it needs
  const key = hashOf({ stage, needs, config: decidingConfig({ stage, arm: null, study }), ...common });
  return { ...bound, name: GATHER_TASK, key, stage, fold: null, arm: null, repeat: 0, seed: 0, needs, study, parentRunId };
}

/** Copies what the task left to the search's run, and writes what was found beside it. */
export async function storeResults(
  store: Store,
  runId: string,
  gathered: Run,
  tuned: Tuned,
  config: TuneConfig,
  trials: readonly Trial[],
  folds: number,
) {
  for (const path of [TUNE_FILES.evaluation, TUNE_FILES.predictions, TUNE_FILES.optimistic])
    await store.putArtifact(runId, path, await store.readArtifact(gathered.info.runId, path));
  await store.putArtifact(runId, TUNE_FILES.trials, trialsCsv(config, trials, folds));
  await store.putArtifact(runId, TUNE_FILES.result, JSON.stringify(tuned, null, 2));
}

/** One row a trial: how it ended, its value, that of each fold, its parameters; empty where there is none. */
export const trialsCsv = ({ space }: Pick<TuneConfig, "space">, trials: readonly Trial[], folds: number): string =>
  toCsv(
    trials.map(({ number, state, value, folds: values, params, reason }) => ({
      ...{ trial: number, state, value },
      ...Object.fromEntries(range(folds).map((fold) => [`fold-${fold}`, values[fold] ?? null])),
      ...Object.fromEntries(
        space.map(({ path }) => {
          const set = params[path];
          return [path, Array.isArray(set) ? JSON.stringify(set) : (set ?? null)];
        }),
      ),
      reason: reason ?? null,
    })),
  );
