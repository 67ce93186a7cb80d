/** @file The inference process: the server forks it, asks by IPC, one question at a time; it ends when the server does. */
import { availableParallelism } from "node:os";
import { startEngine } from "../src/engine/start.ts";
import { loadClassifier } from "../src/explain/trained-classifier.ts";
import { openStore } from "../src/tracking/open-store.ts";
import { inferenceService } from "./inference-service.ts";

/** More threads than this do not make one image faster. */
const THREADS = Math.min(4, availableParallelism());

const service = inferenceService({
  async load(store, runId) {
    await startEngine({ threads: THREADS });
    return loadClassifier(openStore(store, { now: () => 0 }), runId); // only read: nothing is stamped with a time
  },
});

if (!process.send) {
  process.stderr.write("the inference process is started by the server: run `sonomark serve`\n");
  process.exit(1);
}
let turn: Promise<unknown> = Promise.resolve();
process.on("message", (message) => {
  turn = turn.then(async () => process.send?.(await service.answer(message)));
});
process.on("disconnect", () => process.exit(0));
