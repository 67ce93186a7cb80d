import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { withFolder } from "../../testing/picture-files.ts";
import { range } from "../../util/rng.ts";
import { UserError } from "../../util/user-error.ts";
import { openJoined } from "./join.ts";
import { openStore, type FrameStore } from "./store.ts";

const SIZE = 8;
const COUNTS = [3, 1, 5];

/** A store of `n` frames; frame i shows the level `first + i`, with as many lesion pixels. */
function storeOf(first: number, n: number, cache: string): Promise<FrameStore> {
  return openStore(
    {
      keys: range(n).map((i) => `${first + i}`),
      draw: async (i, { pixels, lesion, inside }) => {
        pixels.fill(first + i);
        lesion.fill(1, 0, first + i);
        inside.fill(1, first + i);
      },
    },
    SIZE,
    { cache },
  );
}
const starts = COUNTS.map((_, s) => COUNTS.slice(0, s).reduce((a, b) => a + b, 0));

describe("openJoined", (test) => {
  test("reads as one store of all frames does, in any order, repeats allowed", () =>
    withFolder(async (cache) => {
      const joined = await openJoined(range(3), (s) => storeOf(starts[s], COUNTS[s], cache));
      const one = await storeOf(0, 9, cache);
      assert.equal([joined.n, joined.size], [9, SIZE]);
      for (const indices of [range(9), [8, 0, 3, 3, 2, 4, 7], [3], []]) {
        assert.equal(joined.read(indices), one.read(indices));
        assert.equal(joined.pixelsOf(indices), one.pixelsOf(indices));
      }
      for (const index of [9, -1, 0.5]) assert.throws(() => joined.read([index]), /^joinStores: indices must be integers in 0 … 8, got/);
      await joined.close();
      await assertUserError(async () => joined.read([4]), /closed while it was in use/);
      await one.close();
    }));
  test("closes what was opened where one cannot be", () =>
    withFolder(async (cache) => {
      const opened: FrameStore[] = [];
      const open = async (s: number) => {
        if (s === 2) throw new UserError("no such file");
        opened.push(await storeOf(starts[s], COUNTS[s], cache));
        return opened[s];
      };
      await assertUserError(() => openJoined(range(3), open), /no such file/);
      for (const store of opened) await assertUserError(async () => store.read([0]), /closed/);
    }));
});
