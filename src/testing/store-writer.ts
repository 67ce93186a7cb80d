/**
 * @file A process that writes into a store until it is killed, and says what was taken:
 * `node --import tsx store-writer.ts <store> <experiment> <run name>`. One line on stdout a step: the run's id, then how many steps are in.
 */
import { writeSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { openStore } from "../tracking/open-store.ts";
import { START } from "./store-contract.ts";

/** Points of one key and batch: more than a disk page, so that a kill can tear a line. */
export const BATCH = 400;

/** The value of a step, for checking it later. */
export const valueAt = (step: number): number => Math.sin(step) / 7;

if (process.argv[1] === import.meta.filename) {
  const [uri, experiment, name] = process.argv.slice(2);
  const store = openStore(uri, { now: () => START });
  const { experimentId } = await store.experiment(experiment);
  const { runId } = (await store.createRun({ experimentId, name, startTime: START })).info;
  writeSync(1, `${runId}\n`);
  for (let batch = 0; batch < 5000; batch++) {
    const steps = Array.from({ length: BATCH }, (_, i) => batch * BATCH + i);
    await store.logMetrics(
      runId,
      steps.map((step) => ({ key: "train/loss", value: valueAt(step), step, timestamp: START + step })),
    );
    await store.logParams(runId, { [`p.${batch}`]: `${batch}` });
    await store.setTags(runId, { batch: `${batch}` });
    await store.putArtifact(runId, "latest.bin", Buffer.alloc(50_000, batch % 256));
    writeSync(1, `${batch + 1}\n`);
    await setImmediate();
  }
}
