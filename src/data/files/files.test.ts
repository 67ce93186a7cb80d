import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { withFolder, writeFiles } from "../../testing/picture-files.ts";
import type { DataFiles } from "./data-files.ts";
import { openFiles } from "./open.ts";

const text = (value: string) => new TextEncoder().encode(value);
const textOf = async (files: DataFiles, path: string) => (await files.read(path)).toString("utf8");
const litter = { ".hidden": text(""), "__MACOSX/x.png": text(""), "b/._y.png": text("") };
const content = { "b/y.png": text("why"), "b/deep/z.png": text("zed"), "a.csv": text("a,b") };
const listed = ["a.csv", "b/deep/z.png", "b/y.png"];

/** A store-only zip of one entry whose name, sizes and data are as given, true or not. */
function forgedZip(name: string, data: Uint8Array, claimed = data.length): Uint8Array {
  const zip = Buffer.from(zipSync({ [name]: [data, { level: 6 }] }));
  const directory = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  zip.writeUInt32LE(claimed, directory + 24);
  return zip;
}

describe("openFiles", (test) => {
  test("lists a folder and an archive alike, without hidden files and archive litter", () =>
    withFolder(async (root) => {
      await writeFiles(join(root, "set"), { ...content, ...litter });
      await writeFile(join(root, "set.zip"), zipSync({ ...content, ...litter }));
      for (const name of ["set", "set.zip"]) {
        const files = await openFiles(join(root, name));
        assert.equal(await files.list(), listed);
        assert.is(await textOf(files, "b/deep/z.png"), "zed");
        assert.is(await files.has("b/y.png"), true);
        assert.is(await files.has("b"), false);
        await assertUserError(() => files.read("b/none.png"), /^b\/none\.png: no such file/);
        await files.close();
      }
    }));
  test("opens a folder inside an archive by its path", () =>
    withFolder(async (root) => {
      await writeFile(join(root, "set.zip"), zipSync(content));
      const files = await openFiles(join(root, "set.zip/b"));
      assert.equal(await files.list(), ["deep/z.png", "y.png"]);
      assert.is(await textOf(files, "y.png"), "why");
      await files.close();
    }));
  test("lists the archives of a folder as folders when asked, and reads through them in any case", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "table.csv": "x", "images.zip": zipSync({ "case001.png": text("one") }) });
      const files = await openFiles(root, { archives: true });
      assert.equal(await files.list(), ["images.zip", "images.zip/case001.png", "table.csv"]);
      await files.close();
      const again = await openFiles(root);
      assert.is(await textOf(again, "images.zip/case001.png"), "one");
      assert.is(await again.has("images.zip/case002.png"), false);
      await again.close();
    }));
  test("a single file lists itself, and reads what lies beside it", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "set.csv": "x", "a/b.png": "bee" });
      const files = await openFiles(join(root, "set.csv"));
      assert.is(files.entry, "set.csv");
      assert.equal(await files.list(), ["set.csv"]);
      assert.is(await textOf(files, "a/b.png"), "bee");
    }));
  test("follows links, but no loop", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "real/a.png": "a" });
      await mkdir(join(root, "set"));
      await symlink(join(root, "real"), join(root, "set/benign"));
      await symlink(join(root, "set"), join(root, "set/again"));
      assert.equal(await (await openFiles(join(root, "set"))).list(), ["benign/a.png"]);
    }));
  test("refuses paths that lead out of the folder", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "set/a.png": "a", "secret.txt": "s" });
      const files = await openFiles(join(root, "set"));
      for (const path of ["../secret.txt", "x/../../secret.txt", "..\\secret.txt", join(root, "secret.txt"), "C:\\secret.txt", ""]) {
        await assertUserError(() => files.read(path), /this path leads out of/);
        await assertUserError(() => files.has(path), /this path leads out of/);
      }
    }));
  test("refuses an archive with an entry that leads out of it", () =>
    withFolder(async (root) => {
      for (const name of ["../evil.png", "/evil.png", "a\\..\\..\\evil.png"]) {
        await writeFile(join(root, "set.zip"), zipSync({ [name]: text("x") }));
        await assertUserError(() => openFiles(join(root, "set.zip")), /set\.zip: the archive cannot be read \(.*evil\.png\)/);
      }
    }));
  test("refuses an entry that unpacks to too much, before unpacking it", () =>
    withFolder(async (root) => {
      await writeFile(join(root, "set.zip"), zipSync({ "bomb.png": new Uint8Array(20e6) }));
      const files = await openFiles(join(root, "set.zip"));
      await assertUserError(() => files.read("bomb.png"), /"bomb\.png" would unpack from \d+ to 20000000 bytes/);
      await files.close();
    }));
  test("stops where an entry unpacks to more or less than it claims", () =>
    withFolder(async (root) => {
      for (const claimed of [10, 5000]) {
        await writeFile(join(root, "set.zip"), forgedZip("liar.png", new Uint8Array(1000).fill(7), claimed));
        const files = await openFiles(join(root, "set.zip"));
        await assertUserError(() => files.read("liar.png"), /"liar\.png" cannot be unpacked/);
        await files.close();
      }
    }));
  test("refuses an archive that is cut short, and one that is none", () =>
    withFolder(async (root) => {
      await writeFile(join(root, "cut.zip"), zipSync(content).subarray(0, 100));
      await writeFile(join(root, "none.zip"), "no archive");
      for (const name of ["cut.zip", "none.zip"])
        await assertUserError(() => openFiles(join(root, name)), new RegExp(`${name}: the archive cannot be read`));
    }));
  test("says where a file cannot be read", () =>
    withFolder(async (root) => {
      await writeFiles(root, { "a.png": "a" });
      await chmod(join(root, "a.png"), 0);
      const files = await openFiles(root);
      // root may read everything, so the sentence is tested where the system refuses
      if (process.getuid?.() === 0) assert.is(await textOf(files, "a.png"), "a");
      else await assertUserError(() => files.read("a.png"), /^a\.png: the file cannot be read \(EACCES\); check its permissions/);
    }));
});
