import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";

const repository = resolve(import.meta.dirname, "..");

/** Lints a small tree under the repository's rules; gives "file:line rule" for each finding, sorted. */
async function lint(files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    for (const path of [".oxlintrc.json", ".ci/lint-plugin.mjs", "tsconfig.json"]) cpSync(join(repository, path), join(root, path));
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    for (const [file, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), source);
    }
    const program = join(root, "node_modules/oxlint/bin/oxlint");
    const folders = new Set(Object.keys(files).map((file) => file.split("/")[0]));
    const output = await new Promise<string>((done) => {
      execFile(process.execPath, [program, "--type-aware", "--format", "unix", ...folders], { cwd: root }, (_, stdout) => done(stdout));
    });
    return Array.from(output.matchAll(/^([\w./]+:\d+):\d+: .*\((.+)\)\]$/gm), ([, place, rule]) => `${place} ${rule}`).sort();
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe(".oxlintrc.json", (test) => {
  test("refuses clock and chance in the library, and lets a program hand them in", async () => {
    const lines = ["Math.random();", "Date.now();", "performance.now();", "new Date();", "new Date(5).toISOString();"];
    const source = lines.map((line, i) => `export const x${i} = ${line}\n`).join("");
    assert.equal(await lint({ "src/losses/a.ts": source, "src/cli/a.ts": source, "pretrain/main.ts": source }), [
      "src/losses/a.ts:1 no-restricted-properties",
      "src/losses/a.ts:2 no-restricted-properties",
      "src/losses/a.ts:3 no-restricted-properties",
      "src/losses/a.ts:4 no-current-date",
    ]);
  });

  test("refuses TensorFlow packages outside src/engine", async () => {
    const source = `import * as tf from "@tensorflow/tfjs";\nexport const x = tf.scalar(1);\n`;
    assert.equal(await lint({ "pretrain/a.ts": source, "src/engine/a.ts": source }), ["pretrain/a.ts:1 no-restricted-imports"]);
  });

  test("refuses floating promises, any, loose equality, unused names and values imported only as types", async () => {
    const source = `import { A } from "./b.ts";
async function wait(): Promise<void> {}
wait();
export const f = (x: any, a: A): boolean => x == a;
const unused = 1;
`;
    assert.equal(await lint({ "src/util/a.ts": source, "src/util/b.ts": "export interface A { b: 1 }\n" }), [
      "src/util/a.ts:1 consistent-type-imports",
      "src/util/a.ts:3 no-floating-promises",
      "src/util/a.ts:4 eqeqeq",
      "src/util/a.ts:4 no-explicit-any",
      "src/util/a.ts:5 no-unused-vars",
    ]);
  });
});
