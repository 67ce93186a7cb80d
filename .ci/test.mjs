/**
 * @file What `npm test` runs after the set-up: every check in turn, then one line `N passed, N failed`.
 *   npm test                     everything
 *   npm test -- --quick          all but the study and the browser
 *   npm test -- losses/nt-xent   only test files with this in their path
 */
import { resolve } from "node:path";
import { runSteps } from "./steps.mjs";

const tool = (name, ...args) => [`node_modules/${name}`, ...args];
const script = (path, ...args) => ["--import", "tsx", path, ...args];

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

let chosen = steps;
if (process.argv.includes("--quick")) chosen = steps.filter((step) => !step.slow);
if (parts.length > 0) chosen = [{ name: "tests", args: script(".ci/tests-run.ts", ...parts), shown: true }];

const { passed, failed } = await runSteps(chosen, root);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
