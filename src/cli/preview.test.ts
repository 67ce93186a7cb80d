import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { studySchema } from "../config/study.ts";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { packageRoot } from "../util/files.ts";
import { previewViews } from "./preview.ts";

/** Runs `sonomark pretrain demo --preview <file> …` in `folder`, as a user does. */
const preview = (folder: string, file: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const program = [join(packageRoot, "src/cli/sonomark.mjs"), "pretrain", "demo", "--preview", file, ...args];
    execFile(process.execPath, program, { cwd: folder }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-preview-"));
  await body(folder);
  await rm(folder, { recursive: true });
}

/** Width and height in the header of a PNG file. */
async function sizeOf(path: string): Promise<[width: number, height: number]> {
  const bytes = await readFile(path);
  assert.is(bytes.toString("latin1", 1, 4), "PNG");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describe("sonomark pretrain --preview", (test) => {
  test("draws images beside their views, says where the picture is, and trains nothing", () =>
    inFolder(async (folder) => {
      const { code, stdout, stderr } = await preview(folder, "views.png", "--preview-images", "3", "--store", join(folder, "runs"));
      assert.equal([code, stdout], [0, `${join(folder, "views.png")}\n`], stderr);
      assert.equal(await sizeOf(join(folder, "views.png")), [4 + 3 * 132, 18 + 3 * (18 + 132)]); // an image and 2 views of 64 px, doubled
      assert.equal(await readdir(folder), ["views.png"]);
    }));

  test("refuses what could not be trained, as training would", () =>
    inFolder(async (folder) => {
      const { code, stdout, stderr } = await preview(folder, "views.png", "--set", "pretrain.augment.local.count=2");
      assert.equal([code, stdout], [1, ""]);
      assert.match(stderr, /^sonomark: pretrain\.augment\.local\.count is 2, and simclr takes no local views/m);
      assert.not.match(stderr, /\n {4}at /, "a stack is no sentence");
      assert.equal(await readdir(folder), []);
    }));

  test("says which folder is not there, and what is a folder itself, before it reads the data", () =>
    inFolder(async (folder) => {
      const study = studySchema.parse({ name: "s", data: { source: "/nowhere" } });
      const missing = join(folder, "nowhere", "views.png");
      await assertUserError(
        () => previewViews(study, missing, 1),
        /^--preview .*nowhere\/views\.png: there is no folder .*nowhere; make it/,
      );
      await assertUserError(() => previewViews(study, folder, 1), /^--preview .*: this is a folder; name a file in it/);
    }));
});
