/** @file Runs a search over a study in this machine's processes, with progress on stderr, and draws its page. */
import type { StudyConfig } from "../config/study.ts";
import { tuneConfigOf, type StudyTune } from "../config/tune-study.ts";
import { withStudyLock } from "../run/lock.ts";
import { tuneStudy, type TuneOutcome } from "../run/tune/tune-study.ts";
import type { Store } from "../tracking/store.ts";
import { interruptSignal } from "./interrupt.ts";
import { prepareStudy } from "./run-study.ts";
import { finished, spawnRoom } from "./spawn-room.ts";
import { tuneProgress, type TuneProgress } from "./tune-progress.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

export async function runTuneHere(
  asked: StudyConfig,
  tune: StudyTune,
  store: Store,
  { jobs, timeoutMs }: { jobs?: number | undefined; timeoutMs?: number | undefined },
): Promise<TuneOutcome> {
  const { signal, release } = interruptSignal();
  let display: TuneProgress | undefined;
  signal.addEventListener("abort", () => display?.close());
  try {
    const { study, ...prepared } = await prepareStudy(asked);
    const outcome = await withStudyLock(store, study.name, signal, (locked) =>
      tuneStudy(study, tune, {
        ...{ store, ...prepared, now: Date.now, signal: locked, jobs, timeoutMs },
        onStart({ file, held, outside }) {
          const total = Math.max(tune.trials, held);
          say(`search over study ${study.name}: ${total} trials, ${held} held by the store, ${file.jobs} side by side`);
          if (outside !== undefined) say(`the study's own settings are not among the trials: ${outside} is not in the search space`);
          const { direction } = tuneConfigOf(tune);
          display = tuneProgress({ trials: total, direction, jobs: file.jobs, held, timeoutMs, now: Date.now });
        },
        onTrial: (trial, trials) => display?.onTrial(trial, trials),
        onEvent: (trial, task, event) => display?.onEvent(trial, task, event),
      }),
    );
    display?.close();
    const page = ["--store", store.uri, "--run", outcome.run.info.runId];
    await finished(spawnRoom("analysis/tune-report/main.ts", page, "ignore"), "drawing the page of the search");
    return outcome;
  } finally {
    display?.close();
    release();
  }
}
