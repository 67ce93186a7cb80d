import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { mapInFlight } from "./in-flight.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("mapInFlight", (test) => {
  test("keeps the order of the items, whatever ends first", async () => {
    const release: (() => void)[] = [];
    const done = mapInFlight([0, 1, 2], 3, (item) => new Promise<number>((resolve) => (release[item] = () => resolve(item * 10))));
    for (const item of [2, 0, 1]) release[item]();
    assert.equal(await done, [0, 10, 20]);
  });
  test("never has more calls in flight than the limit, and does reach it", async () => {
    let now = 0;
    let most = 0;
    await mapInFlight(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++now);
      await turn();
      now--;
    });
    assert.is(most, 4);
  });
  test("throws the failure after the calls in flight have ended, and starts no more", async () => {
    let ended = 0;
    let started = 0;
    const work = mapInFlight(Array.from({ length: 10 }), 2, async (_, index) => {
      started++;
      await turn();
      ended++;
      if (index === 0) throw new Error("no");
    });
    await work.then(
      () => assert.unreachable(),
      (error: Error) => assert.is(error.message, "no"),
    );
    assert.is(ended, started);
    assert.ok(started < 10);
  });
  test("gives an empty array for no items", async () => assert.equal(await mapInFlight([], 4, async () => 1), []));
});
