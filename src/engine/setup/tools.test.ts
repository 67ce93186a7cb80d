/** @file Tests of what is said where the machine lacks a tool. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { findTools } from "./tools.mjs";

/** Runs `body` on a PATH that holds only these commands, each a shell script. */
async function withCommands(commands: Record<string, string>, body: () => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sonomark-"));
  const { PATH, CXX } = process.env;
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env.PATH = [folder].join(delimiter);
  delete process.env.CXX;
  try {
    await body();
  } finally {
    process.env.PATH = PATH;
    if (CXX !== undefined) process.env.CXX = CXX;
    rmSync(folder, { recursive: true });
  }
}

const works = "echo version 1";
const both = { python: true, compiler: true };

describe("findTools", (test) => {
  test("finds Python and a compiler by their usual names", () =>
    withCommands({ python: works, "clang++": works }, async () =>
      assert.equal(await findTools(both), { python: "python", compiler: "clang++" }),
    ));

  test("names everything that is missing in one sentence, with the cure of this system", () =>
    withCommands({ "apt-get": works }, async () => {
      const message = await findTools(both).then(() => "", (error: Error) => error.message); // prettier-ignore
      assert.is(
        message,
        "The native engine needs Python 3.8 or newer and Python's pip and a C++ compiler, not found here: run `sudo apt-get install -y python3 python3-pip g++` and npm run setup again; " +
          "or run `SONOMARK_ENGINE=wasm npm start` for inference and small runs without it.",
      );
    }));

  test("notices a Python without pip, on a system whose package manager is not known", () =>
    withCommands({ python3: 'case "$1" in -m) exit 1;; *) echo 3.11.7;; esac', "g++": works }, async () => {
      const message = await findTools(both).then(() => "", (error: Error) => error.message); // prettier-ignore
      assert.match(message, /^The native engine needs Python's pip, not found here: install it and run npm run setup again;/);
    }));

  test("does not ask for what is not needed", () =>
    withCommands({}, async () => assert.equal(await findTools({ python: false, compiler: false }), { python: "", compiler: "" })));
});
