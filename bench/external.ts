/**
 * @file Not a time: the demo's models on another data set, as `sonomark evaluate` prints it, and on the demo's own images, which it must refuse. Markdown.
 * `npm run bench -- external --data busi:<folder> [--store <folder>] [--jobs <n>]`: fine-tunes the demo first (minutes) where the store does not hold it; without
 * --store in a folder that is thrown away. Exit code 1 where the study's own images are not recognised as copies.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../src/util/files.ts";

const { values } = parseArgs({
  options: { data: { type: "string" }, store: { type: "string" }, jobs: { type: "string", default: String(availableParallelism()) } },
});
if (!values.data) throw new Error("external: give the other data set, --data busi:<folder>");

const made = values.store === undefined ? mkdtempSync(join(tmpdir(), "sonomark-external-")) : undefined;
const store = values.store ?? made!;

/** Runs `sonomark …` on the store; what it says on the way goes to the terminal. */
function sonomark(...args: string[]): { code: number; stdout: string; stderr: string } {
  const program = [join(packageRoot, "src/cli/sonomark.mjs"), ...args, "--store", store];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: "utf8", maxBuffer: 1 << 28 });
  process.stderr.write(stderr);
  return { code: status ?? 1, stdout, stderr };
}

/** Without what differs from machine to machine. */
const printed = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^(run|store|copied) {2,}/.test(line))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

try {
  const study = sonomark("finetune", "experiments/demo.ts", "--jobs", values.jobs);
  if (study.code !== 0) throw new Error("external: the demo could not be fine-tuned; its message is above");
  const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: packageRoot, encoding: "utf8" }).stdout.trim();
  const [reader] = values.data.split(":");
  console.log(
    `\`npm run bench -- external --data ${reader}:<folder>\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus()[0].model}, Node ${process.version}. Same seeds give the same figures.\n`,
  );
  const tested = sonomark("evaluate", "--model", "demo", "--data", values.data);
  if (tested.code !== 0) throw new Error("external: the test could not be run; its message is above");
  console.log(`\`\`\`\n${printed(tested.stdout)}\n\`\`\`\n`);
  const own = sonomark("evaluate", "--model", "demo", "--data", "bus-bra:experiments/sample/BUSBRA");
  const refusal = /^sonomark: (.*)$/m.exec(own.stderr)?.[1] ?? own.stdout;
  console.log(`The demo's own images as the other data set:\n\n\`\`\`\n${refusal}\n\`\`\``);
  if (own.code === 0 || !/left out with copies/.test(refusal)) process.exitCode = 1;
} finally {
  if (made) rmSync(made, { recursive: true, force: true });
}
