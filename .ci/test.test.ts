import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";

const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: resolve(import.meta.dirname, ".."), encoding: "utf8" });
const npmTest = (...args: string[]) => node(".ci/test.mjs", ...args);
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

/** Runs `runSteps` over steps given as [name, code]. */
function run(steps: [name: string, code: string][]): { lines: string[]; sum: unknown } {
  const list = JSON.stringify(steps.map(([name, code]) => ({ name, args: ["-e", code], cure: `cure of ${name}` })));
  const url = pathToFileURL(join(import.meta.dirname, "steps.mjs")).href;
  const { stdout } = node(
    "--input-type=module",
    "-e",
    `import { runSteps } from "${url}"; console.log(JSON.stringify(await runSteps(${list}, ".")));`,
  );
  const lines = stdout.trimEnd().split("\n");
  return { sum: JSON.parse(lines.pop()!), lines };
}

describe("runSteps", (test) => {
  test("counts a step as one test or as what it sends, goes on after a failure, and shows output and cure of what failed", () => {
    const { lines, sum } = run([
      ["good", "console.log('quiet')"],
      ["bad", "console.log('line 7: wrong'); process.exitCode = 1"],
      ["counted", "process.send({ passed: 5, failed: 2 }); process.exitCode = 1"],
      ["crashed", "process.send({ passed: 3, failed: 0 }); process.exitCode = 1"],
      ["last", ""],
    ]);
    assert.equal(sum, { passed: 10, failed: 4 });
    assert.equal(
      lines.map((line) => line.replace(/\s+[\d.]+ s$/, "")),
      [
        "good       passed",
        "bad        FAILED",
        "  line 7: wrong",
        "  cure of bad",
        "counted    FAILED",
        "  cure of counted",
        "crashed    FAILED",
        "  cure of crashed",
        "last       passed",
      ],
    );
  });
});

describe("npm test", (test) => {
  test("with a part of a path runs only those files and ends with the count", () => {
    const { status, stdout } = npmTest(".ci/links");
    assert.match(stdout, ".ci/links.test.ts: ");
    assert.not.match(stdout, "types");
    assert.match(lastLine(stdout)!, /^[1-9]\d* passed, 0 failed$/);
    assert.is(status, 0);
  });
  test("fails where no file has that path, and says so", () => {
    const { status, stdout } = npmTest("no/such/file");
    assert.match(stdout, `no test file has "no/such/file" in its path`);
    assert.is(lastLine(stdout), "0 passed, 1 failed");
    assert.is(status, 1);
  });
  test("refuses an option that it does not know", () => {
    const { status, stderr } = npmTest("--fast");
    assert.match(stderr, `got "--fast"`);
    assert.is(status, 1);
  });
});
