/**
 * @file What `npm test` runs after the set-up: every check in turn, then one line `N passed, N failed`.
 *   npm test                     everything
 *   npm test -- --quick          all but the study and the browser
 *   npm test -- losses/nt-xent   only test files with this in their path
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

const tool = (name, ...args) => [`node_modules/${name}`, ...args];
const script = (path, ...args) => ["--import", "tsx", path, ...args];

/** Each step is a node process. It counts as one test, unless it sends `{ passed, failed }` to its parent. */
const steps = [
  { name: "types", args: tool("typescript/bin/tsc", "-p", ".") },
  {
    name: "lint",
    args: tool("oxlint/bin/oxlint", "--type-aware", "--deny-warnings", "--report-unused-disable-directives", "--format", "unix"),
  },
  { name: "format", args: tool("oxfmt/bin/oxfmt", "--list-different"), cure: "run `npm run format`" },
  { name: "layers", args: script(".ci/layers.ts") },
  { name: "links", args: script(".ci/links.ts") },
  { name: "tests", args: script(".ci/tests-run.ts"), shown: true },
  { name: "web build", args: ["web/build.mjs"] },
  { name: "study", args: ["--import", "tsx", ".ci/study.mjs"], shown: true, slow: true },
];

const root = resolve(import.meta.dirname, "..");
const parts = process.argv.slice(2).filter((argument) => argument !== "--quick");
const unknown = parts.find((part) => part.startsWith("-"));
if (unknown || parts.length > 1) {
  console.error(`npm test takes --quick or one part of a path, got "${unknown ?? parts.join(" ")}"`);
  process.exit(1);
}

/** Runs a step; its output is shown as it comes (`shown`) or only where it fails. */
function run({ args, shown }) {
  const output = shown ? "inherit" : "pipe";
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", output, output, "ipc"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  return new Promise((done) => {
    let counts;
    child.on("message", (message) => (counts = message));
    child.on("close", (code) => {
      const { passed, failed } = counts ?? { passed: 0, failed: 0 };
      // a step that ends badly has failed, whatever it counted
      const worst = code === 0 ? 0 : 1;
      done({ passed: counts ? passed : 1 - worst, failed: Math.max(failed, worst), text });
    });
  });
}

let chosen = steps;
if (process.argv.includes("--quick")) chosen = steps.filter((step) => !step.slow);
if (parts.length > 0) chosen = [{ name: "tests", args: script(".ci/tests-run.ts", ...parts), shown: true }];

const sum = { passed: 0, failed: 0 };
for (const step of chosen) {
  if (step.shown) console.log(step.name);
  const start = performance.now();
  const { passed, failed, text } = await run(step);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${step.name.padEnd(10)} ${failed ? "FAILED" : "passed"} ${seconds.padStart(6)} s`);
  if (failed && text) console.log(text.trimEnd().replace(/^/gm, "  "));
  if (failed && step.cure) console.log(`  ${step.cure}`);
  sum.passed += passed;
  sum.failed += failed;
}
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed ? 1 : 0;
