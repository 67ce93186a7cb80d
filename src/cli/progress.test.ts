import { PassThrough } from "node:stream";
import * as assert from "uvu/assert";
import type { Task } from "../config/task.ts";
import { describe } from "../testing/describe.ts";
import { progressDisplay } from "./progress.ts";

const task = { name: "pretrain/fold-0" } as Task;

/** A display and what it wrote; as a terminal's where `isTTY`. */
function shown(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100, rows: 20 });
  let text = "";
  stream.setEncoding("utf8").on("data", (more: string) => (text += more));
  const clock = { ms: 0 };
  return { clock, display: progressDisplay(2, () => clock.ms, stream as unknown as NodeJS.WriteStream), text: () => text };
}

describe("progressDisplay", (test) => {
  test("writes plain lines where there is no terminal: what starts and ends, a sentence at once, progress now and then", () => {
    const { clock, display, text } = shown(false);
    display.onEvent(task, { kind: "start" });
    display.onEvent(task, { kind: "progress", done: 1, total: 100 }); // too soon
    display.onEvent(task, { kind: "note", text: "embeddings have collapsed" });
    clock.ms = 20_000;
    display.onEvent(task, { kind: "progress", done: 50, total: 100, note: "loss 1" });
    display.onEvent(task, { kind: "end" });
    display.close();
    assert.equal(text().trim().split("\n"), [
      "[0/2] pretrain/fold-0: started",
      "[0/2] pretrain/fold-0: embeddings have collapsed",
      "[0/2] pretrain/fold-0: 50 %, about 20.0 s left, loss 1",
      "[1/2] pretrain/fold-0: done in 20.0 s",
    ]);
  });

  test("writes a sentence above the bars of a terminal, whole however narrow it is", () => {
    const { display, text } = shown(true);
    const sentence = `embeddings have collapsed, ${"which is long to tell, ".repeat(8)}and that is all`;
    display.onEvent(task, { kind: "start" });
    display.onEvent(task, { kind: "note", text: sentence });
    display.close(); // a failure may follow at once
    assert.ok(text().includes(`pretrain/fold-0: ${sentence}\n`), text());
    display.onEvent(task, { kind: "note", text: "late" }); // tasks that are stopping still talk
    assert.not.match(text(), /late/);
  });
});
