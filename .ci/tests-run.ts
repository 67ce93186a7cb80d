/**
 * @file Runs every test file in a process of its own, one a core: `node --import tsx .ci/tests-run.ts [part of a path]`.
 * A file must run at least one test, finish in time and hold no `.only`; one that crashes or hangs costs only itself.
 */
import { fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const rooms = ["src", "pretrain", "finetune", "analysis", "server", "web", "experiments", "bench", ".ci"];

/** Time for one file: the slowest installs MLflow and talks to its server, on a machine that does other things too. */
const LIMIT_MS = 300_000;

export interface FileResult {
  passed: number;
  failed: number;
  skipped: number;
  /** What a person needs to see: why tests failed, or why some were skipped; empty where all is well. */
  report: string;
}

/** The test files below `folders`, sorted; only those whose path contains `part`. */
export function testFiles(folders: readonly string[], part = ""): string[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".test.ts") && !file.includes(`node_modules${sep}`) && file.includes(part))
    .sort();
}

/** Runs one file. Its whole process group is killed at the end, so that nothing it started outlives it. */
export function runFile(file: string, limitMs: number): Promise<FileResult> {
  if (/\btest\.only\(/.test(readFileSync(file, "utf8"))) return Promise.resolve(failure("test.only hides the other tests of this file"));
  const conditions = relative(root, file).startsWith("web" + sep) ? ["-C", "browser"] : []; // Solid's server build is not reactive
  const { MLFLOW_TRACKING_URI: _, ...env } = process.env; // no test may write to the developer's server
  const child = fork(join(import.meta.dirname, "tests-file.ts"), [file], {
    cwd: root,
    detached: true,
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: "3" },
    execArgv: [...conditions, "--import", "tsx"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const killGroup = () => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // Nobody is left in the group.
    }
  };
  process.once("exit", killGroup);
  return new Promise((done) => {
    let result: FileResult | undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup();
    }, limitMs);
    child.on("message", (counts) => (result = counts as FileResult));
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      killGroup();
      process.off("exit", killGroup);
      if (late) done(failure(`not finished after ${limitMs / 1000} s\n${output}`));
      else if (!result || code !== 0) done(failure(`ended before its tests did (${signal ?? `exit code ${code}`})\n${output}`));
      else if (result.passed + result.failed === 0) done(failure(`no test ran (${result.skipped} skipped)\n${output}`));
      else done(result.failed > 0 ? result : { ...result, report: skippedLines(output) });
    });
  });
}

/** Tests that need what this machine lacks say so in a line of their own. */
const skippedLines = (output: string): string => (output.match(/^.*\bskipped\b.*$/gim) ?? []).join("\n");

const failure = (report: string): FileResult => ({ passed: 0, failed: 1, skipped: 0, report });

/** Runs all files, `workers` at a time, tells each result as it comes, and adds them up. */
export async function runFiles(
  files: readonly string[],
  workers: number,
  tell: (file: string, result: FileResult, seconds: number) => void,
): Promise<FileResult> {
  const sum = { passed: 0, failed: 0, skipped: 0, report: "" };
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const start = performance.now();
      const result = await runFile(file, LIMIT_MS);
      for (const key of ["passed", "failed", "skipped"] as const) sum[key] += result[key];
      tell(file, result, (performance.now() - start) / 1000);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  const files = testFiles(
    rooms.map((room) => join(root, room)),
    process.argv[2],
  );
  if (files.length === 0) console.log(`no test file has "${process.argv[2]}" in its path`);
  const sum = await runFiles(files, availableParallelism(), (file, { passed, failed, skipped, report }, seconds) => {
    const counts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`].filter(Boolean).join(", ");
    console.log(`  ${failed ? "✘" : "•"} ${relative(root, file)}: ${counts}, ${seconds.toFixed(1)} s`);
    if (failed)
      console.log(
        report
          .replaceAll(pathToFileURL(root + sep).href, "")
          .replaceAll(root + sep, "")
          .replace(/^/gm, "    "),
      );
  });
  if (files.length === 0) sum.failed = 1;
  if (process.send) process.send({ passed: sum.passed, failed: sum.failed });
  else console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  process.exitCode = sum.failed ? 1 : 0;
}
