import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import { withFolder } from "../../testing/picture-files.ts";
import { range, rngOf, shuffle } from "../../util/rng.ts";
import { emptyFrames, frameAt, select, type Frames } from "./frames.ts";
import { openStore, type FrameSource } from "./store.ts";

/** A side whose area is no multiple of eight: bits of a frame end within a byte. */
const SIZE = 5;
/** Three shards, the last one short. */
const N = 512 + 512 + 7;

/** What frame `i` of the source below holds. */
const level = (i: number, p: number) => (i * 31 + p * 7) % 256;
const onLesion = (i: number, p: number) => ((i + p) % 3 === 0 ? 1 : 0);

/** Frames of numbers; counts how often it draws, and fails at frame `failAt`. */
function source(n = N, { failAt = -1 } = {}): FrameSource & { drawn: number[] } {
  const drawn: number[] = [];
  return {
    drawn,
    keys: range(n).map((i) => `frame ${i}`),
    draw: async (i, { pixels, lesion, inside }) => {
      if (i === failAt) throw new Error(`killed at ${i}`);
      drawn.push(i);
      for (const p of pixels.keys()) [pixels[p], lesion[p], inside[p]] = [level(i, p), onLesion(i, p), p < 20 ? 1 : 0];
    },
  };
}

/** The whole set without a store. */
async function expected(n = N): Promise<Frames> {
  const frames = emptyFrames(n, SIZE);
  const { draw } = source(n);
  for (const i of range(n)) await draw(i, frameAt(frames, i));
  return frames;
}

const shardFiles = async (cache: string) => (await readdir(join(cache, "frames"))).map((name) => join(cache, "frames", name)).sort();

async function openAndRead(from: FrameSource, cache: string, indices: readonly number[] = range(from.keys.length)): Promise<Frames> {
  const store = await openStore(from, SIZE, { cache });
  try {
    return store.read(indices);
  } finally {
    await store.close();
  }
}

async function assertRejects(promise: Promise<unknown>, message: string): Promise<void> {
  assert.is(
    await promise.then(
      () => "no error",
      (error: Error) => error.message,
    ),
    message,
  );
}

describe("openStore", (test) => {
  test("gives back what was drawn, in any order, repeats and neighbours over the edge of shards included", () =>
    withFolder(async (cache) => {
      const all = await expected();
      const store = await openStore(source(), SIZE, { cache });
      assert.equal([store.n, store.size], [N, SIZE]);
      for (const indices of [range(N), shuffle(range(N), rngOf(1)), [511, 512, 513, 1023, 1024, 1030], [7, 7, 0], []]) {
        assert.equal(store.read(indices), select(all, indices));
        assert.equal(store.pixelsOf(indices), select(all, indices).pixels);
      }
      await store.close();
    }));
  test("draws nothing the second time", () =>
    withFolder(async (cache) => {
      const first = source();
      await openAndRead(first, cache);
      assert.equal(
        first.drawn.sort((a, b) => a - b),
        range(N),
      );
      const second = source();
      assert.equal(await openAndRead(second, cache), await expected());
      assert.equal(second.drawn, []);
    }));
  test("makes a damaged, short, long or missing shard again, and that one alone", () =>
    withFolder(async (cache) => {
      await openAndRead(source(), cache);
      const files = await shardFiles(cache);
      assert.is(files.length, 3);
      for (const [k, damage] of [
        (bytes: Buffer) => bytes.fill(bytes[100] ^ 1, 100, 101),
        (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
        (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)]),
        () => Buffer.alloc(0),
      ].entries()) {
        const file = files[k % 3];
        const whole = await readFile(file);
        const others = await Promise.all(files.filter((one) => one !== file).map(async (one) => (await stat(one)).mtimeMs));
        await writeFile(file, damage(Buffer.from(whole)));
        const again = source();
        assert.equal(await openAndRead(again, cache), await expected());
        assert.ok(again.drawn.length === 512 || again.drawn.length === 7, `${again.drawn.length} frames drawn`);
        assert.equal(await readFile(file), whole);
        assert.equal(await Promise.all(files.filter((one) => one !== file).map(async (one) => (await stat(one)).mtimeMs)), others);
      }
    }));
  test("goes on where a build was cut short, wherever that was", async () => {
    // processes take shards in orders of their own: cut at one after the other, a build leaves none, one and two of the three
    const left: number[] = [];
    for (const failAt of [0, 700, N - 1])
      await withFolder(async (cache) => {
        await assertRejects(openAndRead(source(N, { failAt }), cache), `killed at ${failAt}`);
        const files = await shardFiles(cache).catch((): string[] => []);
        const rest = source();
        assert.equal(await openAndRead(rest, cache), await expected());
        assert.equal((await shardFiles(cache)).filter((file) => !files.includes(file)).length, 3 - files.length);
        assert.ok(rest.drawn.includes(failAt) && rest.drawn.length <= N - 7 * files.length, `${rest.drawn.length} frames drawn`);
        left.push(files.length);
      });
    assert.equal(
      left.sort((a, b) => a - b),
      [0, 1, 2],
    );
  });
  test("keeps whole shards when images are added at the end, and when they are all that is asked for", () =>
    withFolder(async (cache) => {
      await openAndRead(source(600), cache);
      const more = source(N);
      assert.equal(await openAndRead(more, cache), await expected());
      assert.equal(Math.min(...more.drawn), 512);
      const fewer = source(512);
      await openAndRead(fewer, cache);
      assert.equal(fewer.drawn, []);
    }));
  test("keeps frames of other keys and other sizes apart", () =>
    withFolder(async (cache) => {
      await openAndRead(source(3), cache);
      const other: FrameSource = { keys: ["a", "b", "c"], draw: async (i, { pixels }) => void pixels.fill(i) };
      assert.equal((await openAndRead(other, cache)).pixels.subarray(50), new Uint8Array(25).fill(2));
      const store = await openStore(source(3), 8, { cache });
      assert.is(store.read([0]).pixels.length, 64);
      await store.close();
      assert.is((await shardFiles(cache)).length, 3);
    }));
  test("is whole whoever builds beside it", () =>
    withFolder(async (cache) => {
      const builders = [source(), source(), source()];
      const all = await expected();
      for (const frames of await Promise.all(builders.map((one) => openAndRead(one, cache)))) assert.equal(frames, all);
      const after = source();
      await openAndRead(after, cache);
      assert.equal(after.drawn, []);
      assert.is((await shardFiles(cache)).length, 3);
    }));
  test("reads on when its files are removed, and not when it is closed", () =>
    withFolder(async (cache) => {
      const store = await openStore(source(), SIZE, { cache });
      await rm(join(cache, "frames"), { recursive: true });
      assert.equal(store.read(range(N)), await expected());
      await store.close();
      await store.close();
      await assertUserError(async () => store.read([0]), /\.frames: this file of the frame cache was cut short or closed/);
    }));
  test("works in memory where the cache cannot be written", () =>
    withFolder(async (home) => {
      const cache = join(home, "file");
      await writeFile(cache, "no folder");
      assert.equal(await openAndRead(source(), cache), await expected());
    }));
  test("tells how many frames are there, those that the cache held included", () =>
    withFolder(async (cache) => {
      await openAndRead(source(512), cache);
      const seen: string[] = [];
      const store = await openStore(source(515), SIZE, { cache, progress: (done, total) => void seen.push(`${done}/${total}`) });
      await store.close();
      assert.equal(seen, ["513/515", "514/515", "515/515"]);
    }));
  test("refuses an index outside", () =>
    withFolder(async (cache) => {
      const store = await openStore(source(3), SIZE, { cache });
      for (const index of [3, -1, 0.5, NaN]) {
        assert.throws(() => store.read([index]), /^FrameStore: indices must be integers in 0 … 2, got/);
        assert.throws(() => store.pixelsOf([0, index]), RangeError);
      }
      assert.throws(() => store.pixelsOf([1, 2, 3]), /got 3/);
      await store.close();
    }));
});
