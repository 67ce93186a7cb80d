import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { cyclesOf } from "./cycles.ts";
import { importsOf } from "./imports.ts";
import { importCycles, layerFaults, nodeInBrowser, roomOf, wrongRooms } from "./layers.ts";
import { mayImport } from "./rooms.ts";

const read = (files: Record<string, string>) => Object.entries(files).flatMap(([file, source]) => importsOf(file, source));

describe("importsOf", (test) => {
  test("finds every form of import, its line and whether it vanishes", () => {
    const source = `import a from "./a.ts";
import type { B } from "./b.ts";
import { type C } from "./c.ts"; // stays as import "./c.ts"
export * from "../d.ts";
export type { E } from "./e.ts";
const f = await import("./f.ts");
type G = import("./g.ts").G;
import "zod";`;
    const found = importsOf("src/x/y.ts", source).map(({ line, to, typeOnly }) => [line, to, typeOnly] as const);
    const expected = [
      [1, "src/x/a.ts", false],
      [2, "src/x/b.ts", true],
      [3, "src/x/c.ts", false],
      [4, "src/d.ts", false],
      [5, "src/x/e.ts", true],
      [6, "src/x/f.ts", false],
      [7, "src/x/g.ts", true],
      [8, undefined, false],
    ];
    assert.equal(
      found.sort(([a], [b]) => a - b),
      expected,
    );
  });
  test("is not misled by comments, strings, templates and computed paths", () => {
    assert.equal(importsOf("a.ts", '// import "./b.ts"\nconst s = \'import "./c.ts"\' + `import "./d.ts"`; await import(s);'), []);
  });
  test("refuses a file that does not parse", () => assert.throws(() => importsOf("a.ts", "import {"), /a\.ts/));
});

describe("wrongRooms", (test) => {
  test("names the line, both rooms and what is allowed", () => {
    const faults = wrongRooms(read({ "src/losses/a.ts": '\nimport { x } from "../optim/b.ts";' }));
    assert.equal(faults, [
      "src/losses/a.ts:2 imports ../optim/b.ts: room src/losses may not import room src/optim (allowed: src/engine, src/util)",
    ]);
  });
  test("keeps stages apart and lets them use the library", () => {
    assert.is(wrongRooms(read({ "pretrain/a.ts": 'import "../finetune/b.ts";' })).length, 1);
    assert.equal(wrongRooms(read({ "pretrain/methods/a.ts": 'import "../../src/losses/b.ts"; import "../loop.ts";' })), []);
  });
  test("lets web take types from server, but no values", () => {
    assert.equal(wrongRooms(read({ "web/a.ts": 'import type { A } from "../server/app.ts";' })), []);
    assert.is(wrongRooms(read({ "web/a.ts": 'import { type A } from "../server/app.ts";' })).length, 1);
  });
  test("lets tests and fixtures use the testing room, but nothing else", () => {
    assert.equal(wrongRooms(read({ "src/util/a.test.ts": 'import "../testing/close.ts";' })), []);
    assert.equal(wrongRooms(read({ "src/util/fixtures/a.ts": 'import "../../testing/close.ts";' })), []);
    assert.is(wrongRooms(read({ "src/util/a.ts": 'import "../testing/close.ts";' })).length, 1);
  });
  test("allows only rooms that exist", () => {
    const rooms = Object.keys(mayImport);
    for (const [room, allowed] of Object.entries(mayImport))
      for (const other of allowed) assert.ok(rooms.includes(other), `${room}: ${other}`);
  });
});

describe("importCycles", (test) => {
  test("finds a ring of three files, also where a type closes it", () => {
    const ring = read({ "a.ts": 'import "./b.ts"', "b.ts": 'import "./c.ts"; import "./d.ts"', "c.ts": 'import type { A } from "./a.ts"' });
    const [fault, ...others] = importCycles(ring);
    assert.equal(others, []);
    for (const file of ["a.ts", "b.ts", "c.ts"]) assert.ok(fault.includes(file));
    assert.not.ok(fault.includes("d.ts"));
  });
  test("does not take a diamond for a ring", () => {
    assert.equal(
      importCycles(read({ "a.ts": 'import "./b.ts"; import "./c.ts"', "b.ts": 'import "./d.ts"', "c.ts": 'import "./d.ts"' })),
      [],
    );
  });
});

describe("cyclesOf", (test) => {
  test("finds two rings that touch in one edge as two components, and a self-loop", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["a", "c"]],
      ["c", ["d"]],
      ["d", ["c"]],
      ["e", ["e"]],
      ["f", ["a"]],
    ]);
    const sorted = cyclesOf(graph)
      .map((ring) => ring.sort().join(""))
      .sort();
    assert.equal(sorted, ["ab", "cd", "e"]);
  });
});

describe("nodeInBrowser", (test) => {
  test("follows values into other rooms and names the room that loads them", () => {
    const faults = nodeInBrowser(read({ "src/metrics/a.ts": 'import "../util/b.ts";', "src/util/b.ts": 'import "node:fs";' }));
    assert.equal(faults, ["src/util/b.ts:1 imports node:fs: the browser loads this file for room src/metrics"]);
  });
  test("leaves types, tests, build scripts and files that no browser loads alone", () => {
    const files = {
      "web/a.ts": 'import type { B } from "../server/b.ts"; import type { Stats } from "node:fs";',
      "server/b.ts": 'import "node:fs";',
      "web/a.test.ts": 'import "node:fs";',
      "web/build.mjs": 'import "node:path";',
      "src/util/files.ts": 'import "node:fs";',
    };
    assert.equal(nodeInBrowser(read(files)), []);
  });
});

describe("layerFaults", (test) => {
  const root = mkdtempSync(join(tmpdir(), "layers-"));
  test.after(() => rmSync(root, { recursive: true }));
  test("refuses a bad tree: a wrong arrow, a ring, a node module, and a room that nobody declared", () => {
    for (const room of Object.keys(mayImport)) mkdirSync(join(root, room), { recursive: true });
    const files = {
      "src/config/a.ts": 'import "../util/b.ts"; import "node:os";',
      "src/util/b.ts": 'import "../config/a.ts";',
      "src/attic/c.ts": "export {};",
    };
    for (const [file, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), source);
    }
    const faults = layerFaults(root);
    assert.is(faults.length, 4);
    assert.match(faults[0], "src/attic/c.ts: room src/attic is not in .ci/rooms.ts");
    assert.match(faults[1], "room src/util may not import room src/config");
    assert.match(faults[2], "import cycle: ");
    assert.match(faults[3], "imports node:os");
  });
});

describe("roomOf", (test) => {
  test("is the first folder, and in src the second too", () => {
    assert.equal(["web/charts/a.ts", "src/data/readers/b.ts", ".ci/c.ts"].map(roomOf), ["web", "src/data", ".ci"]);
  });
});
