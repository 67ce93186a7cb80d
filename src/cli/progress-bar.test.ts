import { PassThrough } from "node:stream";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { progressBar } from "./progress-bar.ts";

describe("progressBar, where there is no terminal", (test) => {
  test("writes a line now and then, with the time that is left, and starts anew with another piece of work", () => {
    const stream = new PassThrough();
    let time = 0;
    const bar = progressBar(() => time, stream as unknown as NodeJS.WriteStream);
    const at = (second: number, done: number, what: string) => {
      time = 1000 * second;
      bar.update(done, 100, what);
    };
    at(0, 1, "reading images");
    at(10, 10, "reading images"); // too soon
    at(20, 20, "reading images");
    at(25, 25, "reading images"); // too soon after the last line
    at(100, 1, "comparing images");
    at(120, 50, "comparing images");
    bar.close();
    const text = String(stream.read());
    assert.equal(text.trim().split("\n"), ["reading images: 20 of 100, about 80 s left", "comparing images: 50 of 100, about 20 s left"]);
  });
});
