/** @file Tests of the inference process itself: forked, asked and left alone. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { inferenceAnswerSchema, type InferenceRequest } from "../src/config/inference.ts";
import { describe } from "../src/testing/describe.ts";
import { greyPng, withFolder } from "../src/testing/picture-files.ts";
import { packageRoot } from "../src/util/files.ts";
import { modelFiles, smallStudy } from "./testing/small-study.ts";

const start = (): ChildProcess =>
  fork(join(packageRoot, "analysis/inference.ts"), {
    cwd: packageRoot,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
const reply = async (child: ChildProcess) => inferenceAnswerSchema.parse((await once(child, "message"))[0]);

describe("the inference process", (test) => {
  test("answers from a store's models, in the order of the questions, and ends when its parent lets go", () =>
    withFolder(async (folder) => {
      const { study, store, finish } = await smallStudy(folder);
      const { runId } = (await finish("finetune/scratch/fold-0", modelFiles(study, 0))).info;
      const image = (await greyPng(40, 30, (x, y) => (x * y) % 256)).toString("base64");
      const request: InferenceRequest = { id: "1", modelRuns: [{ runId }], store: store.uri, image, method: { name: "grad-cam" } };
      const child = start();
      const first = reply(child);
      child.send(request);
      const answer = await first;
      assert.ok(answer.ok && answer.probability > 0 && answer.probability < 1);
      assert.is(answer.ok && answer.map.rows, 4);

      const second = reply(child);
      child.send({ ...request, id: "2", modelRuns: [{ runId: "0".repeat(32) }] });
      assert.match(JSON.stringify(await second), /"id":"2","ok":false,"status":404/);

      child.disconnect();
      const [code] = (await once(child, "exit")) as [number];
      assert.is(code, 0);
    }));
});
