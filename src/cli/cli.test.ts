import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { packageRoot } from "../util/files.ts";

/** Runs the program as a user does. */
const sonomark = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [join(packageRoot, "src/cli/sonomark.mjs"), ...args], { cwd: tmpdir() }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

/** The command fails with exit code 1, one sentence on stderr (the last line) and nothing on stdout. */
async function refuses(sentence: RegExp, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await sonomark(...args);
  assert.is(code, 1);
  assert.is(stdout, "");
  assert.match(stderr.trim().split("\n").at(-1)!, sentence);
  assert.not.match(stderr, /\n {4}at /, "a stack is no sentence");
}

describe("sonomark", (test) => {
  test("says what is wrong with a setting, where, and what was meant", async () => {
    await refuses(
      /^sonomark: study demo with overrides: unknown key "pretrain\.epoch": did you mean "epochs"\?$/,
      "study",
      "demo",
      "--set",
      "pretrain.epoch=3",
    );
    await refuses(/finetune\.epochs: .*got "many"/, "study", "demo", "--set", "finetune.epochs=many");
    await refuses(/^sonomark: --set epochs: must read path=value/, "study", "demo", "--set", "epochs");
  });
  test("says which file or folder is not there", async () => {
    await refuses(/no such study file: nosuch\.ts/, "study", "nosuch.ts");
    await refuses(/no such folder or file: \/nowhere/, "data", "busi:/nowhere");
  });
  test("says which stores it can open, and writes nothing where it cannot", () =>
    refuses(/store "sqlite:\/\/\/x\.db" cannot be opened/, "study", "demo", "--store", "sqlite:///x.db"));
  test("says that folds are more than groups before anything is stored", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sonomark-cli-"));
    await refuses(/"benign" has 32 groups, but 17 folds need 34/, "study", "demo", "--set", "data.folds=17", "--store", join(folder, "m"));
    await rm(folder, { recursive: true });
  });
  test("prints one JSON document on stdout with --json, and talks on stderr", async () => {
    const { code, stdout, stderr } = await sonomark("data", "--json");
    assert.is(code, 0);
    assert.is((JSON.parse(stdout) as { images: number }).images, 128);
    assert.match(stderr, /bus-bra reads/);
  });
  test("lists every setting in the help of a stage, and meant commands for mistyped ones", async () => {
    const { code, stdout } = await sonomark("pretrain", "--help");
    assert.is(code, 0);
    assert.match(stdout, /pretrain\.method\.temperature=0\.2 +simclr: NT-Xent temperature/);
    assert.match((await sonomark("stduy")).stderr, /Did you mean study\?/);
  });
});
