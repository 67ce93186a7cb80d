/** @file Tests of the look at node_modules. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { packageRoot } from "../../util/files.ts";
import { packagesMatch } from "./packages.mjs";

type Packages = Record<string, { version?: string; integrity?: string; optional?: boolean; optionalDependencies?: Record<string, string> }>;

const a = { version: "1.0.0", integrity: "sha512-a" };
const wanted: Packages = {
  "": {},
  "node_modules/a": a,
  "node_modules/mac-only": { version: "1.0.0", integrity: "sha512-m", optional: true },
};

/** Does a folder with this lock file, and this record of what is installed, match? */
function matches(installed: Packages | string | undefined): boolean {
  const root = mkdtempSync(join(tmpdir(), "sonomark-"));
  try {
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: wanted }));
    if (installed)
      writeFileSync(
        join(root, "node_modules/.package-lock.json"),
        typeof installed === "string" ? installed : JSON.stringify({ packages: installed }),
      );
    return packagesMatch(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("packagesMatch", (test) => {
  test("is content with the locked versions, without builds for other platforms", () => assert.ok(matches({ "node_modules/a": a })));

  test("does not mind packages beyond those", () => assert.ok(matches({ "node_modules/a": a, "node_modules/b": { version: "2.0.0" } })));

  test("notices a missing package, another version and other content", () => {
    assert.not(matches({}));
    assert.not(matches({ "node_modules/a": { ...a, version: "1.0.1" } }));
    assert.not(matches({ "node_modules/a": { ...a, integrity: "sha512-b" } }));
    assert.not(matches({ "node_modules/a": a, "node_modules/mac-only": { version: "0.9.0", integrity: "sha512-m" } }));
  });

  test("takes an install that was cut off, or a record that is, for none", () => {
    assert.not(matches(undefined));
    assert.not(matches('{"packages": {"node_modules/a"'));
  });
});

describe("package-lock.json", (test) => {
  test("names the builds for every platform, without which npm ci refuses it", () => {
    // npm install leaves out optional packages that the registry did not answer for
    const { packages } = JSON.parse(readFileSync(join(packageRoot, "package-lock.json"), "utf8")) as { packages: Packages };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]),
    );
    assert.equal(missing, []);
  });
});
