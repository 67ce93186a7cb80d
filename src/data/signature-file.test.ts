import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { drawn, withFolder } from "../testing/picture-files.ts";
import { signatureOf } from "./duplicates/signature.ts";
import { readSignatures, writeSignatures } from "./signature-file.ts";

const signature = (k: number) =>
  signatureOf({ width: 40, height: 30, pixels: drawn(40, 30, (x, y) => (x * x * k + y * 7 + ((x * y) % 13) * 9) % 256) });
const book = new Map([
  ["ab".repeat(32), signature(1)],
  ["0f".repeat(32), signature(2)],
]);

describe("readSignatures", (test) => {
  test("gives back what was written", () =>
    withFolder(async (folder) => {
      await writeSignatures(join(folder, "s"), book);
      assert.equal(await readSignatures(join(folder, "s")), book);
    }));
  test("gives none where the file is missing or damaged", () =>
    withFolder(async (folder) => {
      const file = join(folder, "s");
      assert.is((await readSignatures(file)).size, 0);
      await writeSignatures(file, book);
      const bytes = await readFile(file);
      for (const damaged of [bytes.subarray(0, 10), bytes.subarray(0, -3), Buffer.concat([bytes, Buffer.from("more")])]) {
        await writeFile(file, damaged);
        assert.is((await readSignatures(file)).size, 0);
      }
    }));
});
