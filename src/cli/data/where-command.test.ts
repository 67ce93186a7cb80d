import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../../testing/describe.ts";
import { dicomFile, ultrasound } from "../../testing/dicom-files.ts";
import { withFolder, writeFiles } from "../../testing/picture-files.ts";
import { packageRoot } from "../../util/files.ts";

/** `sonomark data …` as a user runs it, with a cache of its own: exit code, and all that is written. */
const data = (folder: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const env = { ...process.env, SONOMARK_CACHE: join(folder, "cache"), SONOMARK_DICOM_SALT: "" };
    const command = [join(packageRoot, "src/cli/sonomark.mjs"), "data", ...args];
    execFile(process.execPath, command, { cwd: folder, env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const image = (level: number, patient: string) => ({
  ...ultrasound({ rows: 9, columns: 9, pixels: Uint8Array.from({ length: 81 }, (_, i) => (i * level) % 256) }),
  "00100010": ["PN", "QUILLFEATHER^ZEBULON"] as const,
  "00100020": ["LO", patient] as const,
});

/** Every file below a folder, as one text. */
async function contentsOf(folder: string): Promise<string> {
  const paths = (await readdir(folder, { recursive: true })).map((path) => join(folder, path));
  const texts = await Promise.all(paths.map(async (path) => ((await stat(path)).isFile() ? await readFile(path, "latin1") : "")));
  return [...paths, ...texts].join("\n");
}

describe("sonomark data on a DICOM tree", (test) => {
  test("checks it without naming anybody, on the terminal or in the cache, and finds a file for who asks", () =>
    withFolder(async (folder) => {
      const whole = dicomFile(image(3, "MRN77120934"));
      await writeFiles(join(folder, "tree"), {
        "benign/QUILLFEATHER^Z/IM1.dcm": whole,
        "malignant/MRN55012345": dicomFile(image(7, "MRN55012345")),
        "malignant/QUILLFEATHER cut.dcm": whole.subarray(0, -20),
      });
      const check = await data(folder, "check", "--duplicates", "exact", "--data", "tree");
      assert.is(check.code, 1);
      const name = /malignant\/~[0-9a-f]{10}(?=: the DICOM file is damaged or cut short; export it again)/.exec(check.stdout)?.[0];
      assert.ok(name, check.stdout);
      const seen = `${check.stdout}\n${check.stderr}\n${await contentsOf(join(folder, "cache"))}`;
      assert.not.match(seen, /quillfeather|zebulon|77120934|55012345/i);
      assert.equal(await data(folder, "where", `${name}#frame=1`, "--data", "tree"), {
        code: 0,
        stdout: "malignant/QUILLFEATHER cut.dcm\n",
        stderr: "",
      });
      const none = await data(folder, "where", "~0000000000", "--data", "tree");
      assert.is(none.code, 1);
      assert.match(none.stderr, /~0000000000: no file of .*tree has this name; give the data and the salt/);
    }));
});
