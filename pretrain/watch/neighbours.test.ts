import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { initialise } from "../../src/models/network.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { describe } from "../../src/testing/describe.ts";
import { expectNoLeak } from "../../src/testing/expect-no-leak.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { innerSplit, neighbourAuroc } from "./neighbours.ts";

await startEngine({ threads: 1 });
const N = 60;
const groups = Int32Array.from(range(N), (i) => Math.floor(i / 3));
const labels = Int32Array.from(groups, (group) => group % 2);
const random = () => rngOf(1, "neighbours.test");

describe("innerSplit", (test) => {
  test("keeps groups whole, gives a quarter or a little more to the queries, and takes only images that it is given", () => {
    const given = range(N).filter((i) => groups[i] !== 5);
    const { bank, queries } = innerSplit(given, groups, labels, random())!;
    const of = (images: number[]) => new Set(images.map((i) => groups[i]));
    assert.ok([...of(bank.images)].every((group) => !of(queries.images).has(group)));
    assert.equal(
      [...bank.images, ...queries.images].sort((a, b) => a - b),
      given,
    );
    assert.ok(queries.images.length >= 14 && queries.images.length <= 17, `${queries.images.length}`);
    assert.equal(
      bank.labels,
      bank.images.map((i) => labels[i]),
    );
  });
  test("leaves out what has no label, and gives nothing where a side lacks a class", () => {
    const unlabelled = labels.map((label, i) => (groups[i] < 3 ? -1 : label));
    const { bank, queries } = innerSplit(range(N), groups, unlabelled, random())!;
    assert.ok([...bank.images, ...queries.images].every((i) => groups[i] >= 3));
    assert.is(innerSplit(range(N), groups, new Int32Array(N), random()), undefined);
    assert.is(innerSplit([], groups, labels, random()), undefined);
  });
});

describe("neighbourAuroc", (test) => {
  const SIZE = 16;
  const encoder = encoderOf(encoderSchema.parse({ name: "cnn", width: 4 }));
  const flat = tf.tensor1d(initialise(encoder.specs, (name) => rngOf(1, name)));
  const framesOf = (signal: number) => {
    const noise = rngOf(2, "frames");
    const stripes = (i: number, at: number) => 100 + signal * (((labels[i] ? at % SIZE : at / SIZE) & 2) - 1);
    return {
      size: SIZE,
      pixels: Uint8Array.from({ length: N * SIZE ** 2 }, (_, p) => stripes(Math.floor(p / SIZE ** 2), p) + 40 * noise.next()),
    };
  };
  test("is 1 where classes differ in direction, and far from it where they differ in nothing", async () => {
    const split = innerSplit(range(N), groups, labels, random())!;
    assert.is(neighbourAuroc(encoder, framesOf(60), split, flat), 1);
    const chance = neighbourAuroc(encoder, framesOf(0), split, flat);
    assert.ok(chance > 0.15 && chance < 0.85, `${chance}`); // 16 queries: standard deviation 0.15
    await expectNoLeak(() => neighbourAuroc(encoder, framesOf(60), split, flat));
  });
});
