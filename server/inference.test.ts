/** @file The keeper of the inference process, with real processes. */
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { assertUserError } from "../src/testing/close.ts";
import { packageRoot } from "../src/util/files.ts";
import { range } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";
import { startInference, type Inference, type InferenceOptions, type InferenceQuestion } from "./inference.ts";

const script = join(packageRoot, "server/fixtures/worker.mjs");
const ask = (text: string): InferenceQuestion => ({
  modelRuns: [{ runId: "a" }],
  store: "s",
  image: Buffer.from(text).toString("base64"),
  method: { name: "grad-cam" },
});
/** The process that answered. */
const pidOf = async (inference: Inference): Promise<number> => (await inference.ask(ask("well"))).map.values[0];

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const gone = async (pid: number): Promise<void> => {
  for (const _ of range(200)) {
    if (!alive(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.unreachable(`process ${pid} is still there`);
};

describe("startInference", (test) => {
  const withInference = (options: InferenceOptions, body: (inference: Inference) => Promise<void>) => async () => {
    const inference = startInference({ script, ...options });
    await body(inference).finally(() => inference.close());
  };

  test(
    "answers several questions from one process, in order",
    withInference({}, async (inference) => {
      const pids = await Promise.all(range(3).map(() => pidOf(inference)));
      assert.is(new Set(pids).size, 1);
    }),
  );

  test(
    "says 503 when the process dies, and starts a new one for the next question",
    withInference({}, async (inference) => {
      const first = await pidOf(inference);
      await assertUserError(() => inference.ask(ask("crash")), /died/);
      assert.is.not(await pidOf(inference), first);
    }),
  );

  test(
    "says 503 when an answer takes too long, and ends that process",
    withInference({ timeLimitMs: 2500 }, async (inference) => {
      const pid = await pidOf(inference);
      await assertUserError(() => inference.ask(ask("hang")), /no answer within 2.5 s/);
      await gone(pid);
    }),
  );

  test(
    "refuses with 429 once the queue is full",
    withInference({ queueLimit: 2 }, async (inference) => {
      const two = [inference.ask(ask("well")), inference.ask(ask("well"))];
      await assertUserError(() => inference.ask(ask("well")), /2 images wait/);
      await Promise.all(two);
      await inference.ask(ask("well"));
    }),
  );

  test(
    "drops a waiting question that nobody waits for, and not the one behind it",
    withInference({}, async (inference) => {
      const running = inference.ask(ask("well"));
      const dropped = new AbortController();
      const waiting = assertUserError(() => inference.ask(ask("crash"), dropped.signal), /nobody waits/);
      dropped.abort();
      const next = inference.ask(ask("well"));
      await waiting;
      assert.is((await running).map.values[0], (await next).map.values[0]);
    }),
  );

  test(
    "passes on what the process says of the image, with its status",
    withInference({}, async (inference) => {
      const error: unknown = await inference.ask(ask("refuse")).catch((e: unknown) => e);
      assert.instance(error, UserError);
      assert.equal([(error as UserError).status, (error as UserError).message], [415, "this is no image"]);
    }),
  );

  test(
    "takes an answer of the wrong shape for a bug",
    withInference({}, async (inference) => {
      const error: unknown = await inference.ask(ask("babble")).catch((e: unknown) => e);
      assert.instance(error, TypeError);
    }),
  );

  test(
    "ends the process when it was idle",
    withInference({ idleMs: 20 }, async (inference) => {
      await gone(await pidOf(inference));
    }),
  );

  test(
    "answers 503 after it was closed",
    withInference({}, async (inference) => {
      inference.close();
      await assertUserError(() => inference.ask(ask("well")), /closing/);
    }),
  );
});
