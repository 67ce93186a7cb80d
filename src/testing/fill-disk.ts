/** @file Fills a small disk through a store and prints what the store said and what it left: `node --import tsx fill-disk.ts <folder>`. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layoutFaults } from "./mlflow-layout.ts";
import { START } from "./store-contract.ts";
import { openFileStore } from "../tracking/file-store.ts";

const root = join(process.argv[2], "mlruns");
const store = openFileStore(root, { now: () => START });
const { experimentId } = await store.experiment("full");
const { runId } = (await store.createRun({ experimentId, name: "run", startTime: START })).info;
const messages: string[] = [];
const said = (error: unknown): void => void messages.push((error as Error).message);

let acknowledged = 0;
while (messages.length === 0) {
  const points = Array.from({ length: 300 }, (_, i) => ({ key: "m", value: Math.sin(i), step: acknowledged + i, timestamp: START }));
  await store.logMetrics(runId, points).then(() => (acknowledged += points.length), said);
}
try {
  writeFileSync(join(process.argv[2], "rest"), Buffer.alloc(1 << 20)); // the last free page, too
} catch {
  // full now
}
await store.putArtifact(runId, "big.bin", Buffer.alloc(300_000)).catch(said);
await store.logParams(runId, { a: "x".repeat(5000) }).catch(said);
rmSync(join(process.argv[2], "rest"), { force: true });
const kept = (await store.metricHistory(runId, "m")).length;
console.log(JSON.stringify({ messages, faults: layoutFaults(root), kept, acknowledged }));
