import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { runFile, runFiles, testFiles } from "./tests-run.ts";

const folder = mkdtempSync(join(tmpdir(), "tests-run-"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
const opening = `import { describe } from "${pathToFileURL(join(import.meta.dirname, "../src/testing/describe.ts")).href}";\n`;

/** Writes a test file and gives its path. */
function write(name: string, body: string): string {
  const file = join(folder, `${name}.test.ts`);
  writeFileSync(file, opening + body);
  return file;
}

/** Whether a process runs; a killed one that nobody has waited for (state Z) does not. */
function alive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** Kept apart, or this file would be taken for one that singles out a test. */
const only = "only";
const limitMs = 30_000;

describe("runFile", (test) => {
  test("counts what passed, failed and was skipped, also after a pause of the file, and tells where it failed", async () => {
    const body = `
      describe("a", (test) => { test("good", () => {}); test.skip("absent", () => {}); });
      await new Promise((done) => setTimeout(done, 20));
      describe("b", (test) => { test("good", () => {}); test("bad", () => { throw new Error("seven is not eight"); }); });`;
    const { report, ...counts } = await runFile(write("counts", body), limitMs);
    assert.equal(counts, { passed: 2, failed: 1, skipped: 1 });
    assert.match(report, /bad[^]*seven is not eight[^]*counts\.test\.ts:5:/);
  });

  const failing: [what: string, body: string, report: RegExp][] = [
    ["runs no test", `describe("a", () => {});`, /no test ran \(0 skipped\)/],
    ["skips every test", `describe("a", (test) => test.skip("x", () => {}));`, /no test ran \(1 skipped\)/],
    ["singles out a test", `describe("a", (test) => { test.${only}("x", () => {}); test("y", () => {}); });`, /test\.only hides/],
    ["crashes on import, with what it printed", `console.log("so far"); throw new Error("boom");`, /exit code 1\)\nso far[^]*boom/],
    ["exits in a test", `describe("a", (test) => test("x", () => process.exit(0)));`, /ended before its tests did \(exit code 0\)/],
    ["waits for what never comes", `describe("a", (test) => test("x", () => new Promise(() => {})));`, /exit code 13/],
    [
      "rejects where nobody listens",
      `describe("a", (test) => test("x", async () => { void Promise.reject(new Error("lost")); await 0; }));`,
      /lost/,
    ],
    [
      "throws before its tests",
      `describe("a", (test) => { test.before(() => { throw new Error("no set-up"); }); test("x", () => {}); });`,
      /a hook threw before 1 tests/,
    ],
  ];
  for (const [what, body, report] of failing)
    test(`fails a file that ${what}`, async () => {
      const result = await runFile(write(what.replaceAll(/\W+/g, "-"), body), limitMs);
      assert.equal([result.passed, result.failed], [0, 1]);
      assert.match(result.report, report);
    });

  test("passes on why tests were skipped, and nothing else that was printed", async () => {
    const body = `
      console.log("noise");
      console.error("Tests with a graphics card are skipped: there is none.");
      describe("a", (test) => { test("x", () => {}); test.skip("y", () => {}); });`;
    const result = await runFile(write("skips", body), limitMs);
    assert.equal(result, { passed: 1, failed: 0, skipped: 1, report: "Tests with a graphics card are skipped: there is none." });
  });

  test("ends a file that hangs, and what it started", async () => {
    const body = `
      import { spawn } from "node:child_process";
      console.log("pid=" + spawn("sleep", ["60"]).pid);
      describe("a", (test) => test("x", () => { for (;;); }));`;
    const { failed, report } = await runFile(write("hangs", body), 2000);
    assert.is(failed, 1);
    assert.match(report, /not finished after 2 s/);
    const pid = Number(/pid=(\d+)/.exec(report)![1]);
    for (let tries = 0; alive(pid) && tries < 100; tries++) await new Promise((done) => setTimeout(done, 10));
    assert.not.ok(alive(pid));
  });
});

describe("runFiles", (test) => {
  test.after(() => rmSync(folder, { recursive: true }));

  test("goes on after a crash and adds up", async () => {
    const files = [write("first", "throw new Error();"), write("second", `describe("a", (test) => test("x", () => {}));`)];
    const told: string[] = [];
    const sum = await runFiles(files, 2, (file) => told.push(file));
    assert.equal([sum.passed, sum.failed, told.length], [1, 1, 2]);
  });
});

describe("testFiles", (test) => {
  test("finds test files by a part of their path", () => {
    const files = testFiles([import.meta.dirname], "tests-run");
    assert.equal(files, [import.meta.filename]);
  });
});
