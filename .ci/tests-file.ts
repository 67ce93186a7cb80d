/** @file Child process of tests-run.ts: imports one test file, runs its uvu suites and sends the counts to the parent. */
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** A suite as uvu queues it; the first item is `true` where nothing failed, else the report. */
type Suite = () => Promise<[report: string | true, passed: number, skipped: number, total: number]>;

const queue: Suite[] = [];
// uvu would start by itself at the first pause of the file, before later suites exist: the queue is run here instead.
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue] });
await import(pathToFileURL(process.argv[2]).href);

const counts = { passed: 0, failed: 0, skipped: 0, report: "" };
for (const suite of queue) {
  const [report, passed, skipped, total] = await suite();
  counts.passed += passed;
  counts.failed += total - passed;
  counts.skipped += skipped;
  if (report !== true) counts.report += report;
  else if (passed < total) counts.report += `a hook threw before ${total - passed} tests could run\n`; // uvu swallows the error itself
}
await setImmediate(); // a rejection that nobody handled ends the process here
process.send!(counts, () => process.exit());
