import { PassThrough } from "node:stream";
import * as assert from "uvu/assert";
import type { Trial } from "../config/tune.ts";
import { describe } from "../testing/describe.ts";
import { tuneProgress } from "./tune-progress.ts";

/** A display of a search for 10 trials, two of which were there before, and what it wrote; as a terminal's where `isTTY`. */
function shown(isTTY: boolean, timeoutMs?: number) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, rows: 20 });
  let text = "";
  stream.setEncoding("utf8").on("data", (more: string) => (text += more));
  const clock = { ms: 0 };
  const options = { trials: 10, direction: "maximise" as const, jobs: 1, held: 2, timeoutMs, now: () => clock.ms };
  return { clock, display: tuneProgress(options, stream as unknown as NodeJS.WriteStream), text: () => text };
}

const trial = (number: number, state: Trial["state"], value: number | null, reason?: string): Trial => ({
  ...{ number, params: {}, state, value, steps: {}, folds: {} },
  ...(reason === undefined ? {} : { reason }),
});
const before = [trial(0, "complete", 0.7), trial(1, "complete", 0.6)];

describe("tuneProgress", (test) => {
  test("writes a plain line when a trial ends: how, how long, the best so far, and how long the rest will take", () => {
    const { clock, display, text } = shown(false);
    display.onTrial(trial(2, "running", null), before);
    display.onEvent(2, { name: "pretrain/fold-0" }, { kind: "start" });
    display.onEvent(2, { name: "pretrain/fold-0" }, { kind: "progress", done: 1, total: 4 }); // too soon
    clock.ms = 20_000;
    display.onEvent(2, { name: "pretrain/fold-0" }, { kind: "progress", done: 2, total: 4, note: "loss 1" });
    display.onEvent(2, { name: "pretrain/fold-0" }, { kind: "note", text: "embeddings have collapsed" });
    clock.ms = 60_000;
    const third = [...before, trial(2, "complete", 0.75)];
    display.onTrial(third[2], third);
    display.onTrial(trial(3, "running", null), third);
    clock.ms = 90_000;
    const fourth = [...third, trial(3, "failed", null, "the loss is NaN")];
    display.onTrial(fourth[3], fourth);
    display.close();
    // 60 s for the first of 8 that were left, then 45 s a trial
    assert.equal(text().trim().split("\n"), [
      "trial 2 pretrain/fold-0: 50 %, loss 1",
      "trial 2 pretrain/fold-0: embeddings have collapsed",
      "[3/10] trial 2: 0.7500, 1 min 0 s; best 0.7500 (trial 2), 0 pruned, 0 failed, about 7 min 0 s left with 1 side by side",
      "[4/10] trial 3: failed, the loss is NaN, 30 s; best 0.7500 (trial 2), 0 pruned, 1 failed, about 4 min 30 s left with 1 side by side",
    ]);
  });
  test("the rest takes no longer than the time that is left", () => {
    const { clock, display, text } = shown(false, 90_000);
    display.onTrial(trial(2, "running", null), before);
    clock.ms = 60_000;
    const third = [...before, trial(2, "pruned", 0.5)];
    display.onTrial(third[2], third);
    assert.match(text(), /trial 2: pruned at 0\.5000, 1 min 0 s; best 0\.7000 \(trial 0\), 1 pruned, 0 failed, about 30 s left/);
  });
  test("writes the same line above the bars of a terminal, and nothing after it was closed", () => {
    const { display, text } = shown(true);
    display.onTrial(trial(2, "running", null), before);
    display.onEvent(2, { name: "pretrain/fold-0" }, { kind: "start" });
    const third = [...before, trial(2, "complete", 0.75)];
    display.onTrial(third[2], third);
    display.close();
    const length = text().length;
    display.onTrial(third[2], third);
    assert.is(text().length, length);
    assert.ok(text().includes("[3/10] trial 2: 0.7500"));
  });
});
