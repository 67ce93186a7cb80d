import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { withFolder } from "../testing/picture-files.ts";
import { KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "../run/tags.ts";
import { openStore } from "../tracking/open-store.ts";
import { packageRoot } from "../util/files.ts";

/** `sonomark report …` as a user starts it, in `cwd`. */
const report = (cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const program = [join(packageRoot, "src/cli/sonomark.mjs"), "report", ...args, "--store", join(cwd, "mlruns")];
    execFile(process.execPath, program, { cwd }, (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });

/** A study that was analysed, with a report too large for one buffer of a pipe. */
const JSON_TEXT = JSON.stringify({ big: "x".repeat(300_000) });
const withStudy = (body: (folder: string) => Promise<void>) => () =>
  withFolder(async (folder) => {
    const store = openStore(join(folder, "mlruns"), { now: () => 0 });
    const { experimentId } = await store.experiment("small");
    const tags = { [TASK_TAG]: STUDY_TASK, [STUDY_TAG]: "small", [KEY_TAG]: "k" };
    const { runId } = (await store.createRun({ experimentId, name: "small", startTime: 0, tags })).info;
    await store.putArtifact(runId, "report.html", "<!doctype html>page");
    await store.putArtifact(runId, "report.json", JSON_TEXT);
    await store.updateRun(runId, { status: "FINISHED", endTime: 1 });
    await body(folder);
  });

describe("sonomark report", (test) => {
  test(
    "writes page and data into the folder that is asked for, else into one named after the study, and says where",
    withStudy(async (folder) => {
      for (const [args, out] of [[[], "sonomark-report-small"] as const, [["--out", "a/b"], "a/b"] as const]) {
        const { code, stdout } = await report(folder, "small", ...args);
        assert.is(code, 0);
        assert.equal(stdout.trim().split("\n"), [join(folder, out, "report.html"), join(folder, out, "report.json")]);
        assert.is(await readFile(join(folder, out, "report.html"), "utf8"), "<!doctype html>page");
        assert.is(await readFile(join(folder, out, "report.json"), "utf8"), JSON_TEXT);
      }
    }),
  );
  test(
    "prints the data, whole, with --json, and writes no file",
    withStudy(async (folder) => {
      const { code, stdout } = await report(folder, "small", "--json");
      assert.is(code, 0);
      assert.is(stdout, `${JSON_TEXT}\n`);
      assert.not(existsSync(join(folder, "sonomark-report-small")));
    }),
  );
  test(
    "says in one sentence that there is no such study, and which one may be meant",
    withStudy(async (folder) => {
      const { code, stdout, stderr } = await report(folder, "smal");
      assert.is(code, 1);
      assert.is(stdout, "");
      assert.match(stderr, /^sonomark: .* has no study of the name or run id smal: did you mean small\?\n$/);
    }),
  );
});
