/** @file Runs steps one after another, each a node process, and goes on after one that fails. */
import { spawn } from "node:child_process";

/** A step counts as one test, unless it sends `{ passed, failed }` to its parent. Its output is shown as it comes (`shown`) or where it fails. */
function run({ args, shown }, cwd) {
  const output = shown ? "inherit" : "pipe";
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", output, output, "ipc"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  return new Promise((done) => {
    let counts;
    child.on("message", (message) => (counts = message));
    child.on("close", (code) => {
      const ended = code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
      // a step that ends badly has failed, whatever it counted
      done({ ...ended, ...counts, failed: Math.max(ended.failed, counts?.failed ?? 0), text });
    });
  });
}

/** Prints a line a step, and says why one failed. @returns how many tests passed and failed in all */
export async function runSteps(steps, cwd) {
  const sum = { passed: 0, failed: 0 };
  for (const step of steps) {
    if (step.shown) console.log(step.name);
    const start = performance.now();
    const { passed, failed, text } = await run(step, cwd);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${step.name.padEnd(10)} ${failed ? "FAILED" : "passed"} ${seconds.padStart(6)} s`);
    if (failed && text) console.log(text.trimEnd().replace(/^/gm, "  "));
    if (failed && step.cure) console.log(`  ${step.cure}`);
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}
