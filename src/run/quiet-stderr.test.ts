import { PassThrough, Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { passOn } from "./quiet-stderr.ts";

describe("passOn", (test) => {
  test("drops TensorFlow's notes and keeps errors and our own lines", async () => {
    const out = new PassThrough();
    const lines = [
      "I0000 00:00:1795508564.826379   22013 port.cc:153] oneDNN is on",
      "E0000 00:00:1.2 3 x.cc:1] broken",
      "WARNING: All log messages before absl::InitializeLog() is called",
      "study: hello",
    ];
    passOn(Readable.from([`${lines.join("\n")}\n`]), out);
    await setTimeout(20);
    assert.is(String(out.read()), `${lines[1]}\n${lines[3]}\n`);
  });
});
