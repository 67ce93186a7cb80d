import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { packageRoot } from "../util/files.ts";

/** Output of `sonomark model describe …`, as a user starts it. */
const describeModel = (...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const program = [join(packageRoot, "src/cli/sonomark.mjs"), "model", "describe", ...args];
    execFile(process.execPath, program, { cwd: tmpdir() }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });

describe("sonomark model describe", (test) => {
  test("lists the layers of a study's encoder, and says what is counted", async () => {
    const text = await describeModel();
    assert.match(text, /^resnet10, width 16, output stride 8, one grey image of 64 × 64 pixels\n/);
    assert.match(text, /\nstem +3 × 3 × 1 × 16 +32 × 32 +144 +294 912\n/);
    assert.match(text, /\nsum +307 536 +41 320 448\n/);
    assert.match(text, /a multiply-add counts 2/);
  });

  test("takes settings, and prints one JSON document with --json", async () => {
    const found = JSON.parse(await describeModel("--set", "encoder.name=convnext-atto", "--set", "data.imageSize=32", "--json")) as {
      encoder: { name: string };
      imageSize: number;
      parameters: number;
      layers: { name: string; parameters: number }[];
    };
    assert.equal([found.encoder.name, found.imageSize], ["convnext-atto", 32]);
    assert.is(
      found.layers.reduce((sum, layer) => sum + layer.parameters, 0),
      found.parameters,
    );
  });
});
