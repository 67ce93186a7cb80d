/** @file Tests of what comes out of a wheel, and of noticing damage. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { sha256 } from "../../util/hash.ts";
import { damagedFiles, libraryFolder, libraryIsWhole } from "./library.mjs";
import { pins } from "./platform.mjs";

const folder = mkdtempSync(join(tmpdir(), "sonomark-"));
process.once("exit", () => rmSync(folder, { recursive: true }));
const library = join(folder, "library");
const file = join(library, "tensorflow/libtensorflow_cc.so.2");

/** Writes a library of three letters with its manifest. */
function writeLibrary(): void {
  mkdirSync(join(library, "tensorflow"), { recursive: true });
  writeFileSync(file, "abc");
  writeFileSync(
    join(library, "manifest.json"),
    JSON.stringify({ "tensorflow/libtensorflow_cc.so.2": { bytes: 3, sha256: sha256("abc") } }),
  );
}

describe("libraryIsWhole", (test) => {
  test.before.each(writeLibrary);

  test("is true of a library as unpacked, false of none", () => {
    assert.ok(libraryIsWhole(library));
    assert.not(libraryIsWhole(join(folder, "nothing")));
  });

  test("notices a file that is cut short or gone, and a manifest that is cut short", () => {
    writeFileSync(file, "ab");
    assert.not(libraryIsWhole(library));
    rmSync(file);
    assert.not(libraryIsWhole(library));
    writeLibrary();
    writeFileSync(join(library, "manifest.json"), "{");
    assert.not(libraryIsWhole(library));
  });
});

describe("damagedFiles", (test) => {
  test.before.each(writeLibrary);

  test("notices a changed byte that leaves the size alone", async () => {
    assert.equal(await damagedFiles(library), []);
    writeFileSync(file, "abd");
    assert.ok(libraryIsWhole(library));
    assert.equal(await damagedFiles(library), ["tensorflow/libtensorflow_cc.so.2"]);
  });

  test("counts a file that is gone as damaged", async () => {
    rmSync(file);
    assert.equal(await damagedFiles(library), ["tensorflow/libtensorflow_cc.so.2"]);
  });
});

describe("libraryFolder", (test) => {
  test("has another name for each set of wheels", () => {
    const folders = Object.entries(pins.platforms).map(([name, wheels]) => libraryFolder({ name, engine: "cpu", wheels }));
    assert.is(new Set(folders).size, folders.length);
    const wheels = Object.values(pins.platforms)[0];
    const other = { ...wheels, wheels: { "tensorflow-cpu==2.21.0": "0".repeat(64) } };
    assert.is.not(libraryFolder({ name: "a", engine: "cpu", wheels }), libraryFolder({ name: "a", engine: "cpu", wheels: other }));
  });
});

describe("unpack.py", (test) => {
  const python = spawnSync("python3", ["--version"]).status === 0;
  if (!python) console.log("skipped: unpack.py needs python3");
  (python ? test : test.skip)("takes libraries and C headers, tells size and SHA-256, deletes the wheel", () => {
    const [wheels, target] = [join(folder, "wheels"), join(folder, "target")];
    mkdirSync(wheels);
    const kept = [
      "tensorflow/libtensorflow_cc.so.2",
      "tensorflow/include/tensorflow/c/c_api.h",
      "nvidia/cudnn/lib/libcudnn.so.9",
      "nvidia/cuda_nvcc/bin/ptxas",
    ];
    const left = ["tensorflow/python/a.so", "tensorflow/include/Eigen/Core", "nvidia/cudnn/include/cudnn.h", "../nvidia/cudnn/lib/evil.so"];
    const make = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as z:
    for name in sys.argv[2:]:
        info = zipfile.ZipInfo(name); info.external_attr = (0o755 if name.endswith("ptxas") else 0o600) << 16
        z.writestr(info, name)`;
    assert.is(spawnSync("python3", ["-c", make, join(wheels, "a.whl"), ...kept, ...left]).status, 0);
    const script = fileURLToPath(new URL("unpack.py", import.meta.url));
    const { stdout } = spawnSync("python3", [script, wheels, target], { encoding: "utf8" });
    assert.equal(JSON.parse(stdout), Object.fromEntries(kept.map((name) => [name, { bytes: name.length, sha256: sha256(name) }])));
    for (const name of kept) assert.is(readFileSync(join(target, name), "utf8"), name);
    assert.is(statSync(join(target, "nvidia/cuda_nvcc/bin/ptxas")).mode & 0o777, 0o755);
    assert.is(statSync(join(target, "tensorflow/libtensorflow_cc.so.2")).mode & 0o777, 0o644);
    assert.equal(readdirSync(wheels), []);
    assert.equal(readdirSync(folder).sort(), ["library", "target", "wheels"]);
  });
});
