/** @file Augmenters: views that depend on image, epoch and view alone, of several sizes, in tensors that a graph can be fed with. */
import * as assert from "uvu/assert";
import type { z } from "zod";
import { augmentPresets, augmentSchema, type AugmentPreset } from "../config/augment.ts";
import { compile } from "../engine/graph/compile.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { range, rngOf } from "../util/rng.ts";
import { makeAugmenter } from "./augmenter.ts";
import { batchOf } from "./batch.ts";

await startEngine({ threads: 1 });

const SIZE = 16;
const AREA = SIZE * SIZE;
const rng = rngOf(1, "augmenter.test");
const pixels = Uint8Array.from({ length: 6 * AREA }, () => rng.int(256));
/** the lower half of each frame shows the image */
const inside = Uint8Array.from({ length: 6 * AREA }, (_, i) => (i % AREA < AREA / 2 ? 0 : 1));
const frames = {
  pixels,
  size: SIZE,
  inside,
  drawnOf: (images: ArrayLike<number>) => Uint8Array.from({ length: images.length * AREA }, (_, i) => ((i % AREA) % 9 === 0 ? 1 : 0)),
};
const key = { seed: 7, stream: "pretrain/fold-0", views: 2 };
const presets = [...(Object.keys(augmentPresets) as AugmentPreset[]), undefined];
type Input = z.input<typeof augmentSchema>;
const wild: Input = {
  ...{ cropScale: [0.01, 0.02], cropAspect: [0.2, 5], rotation: 45, gain: 1, gamma: 1, depthGain: 1, speckle: 1, blur: 1, blurWidth: 9 },
  ...{
    attenuation: 1,
    attenuationRate: [0, 10],
    shadow: 1,
    shadowStrength: [1, 1],
    haze: 1,
    hazeStrength: 1,
    erase: 1,
    speckleGrain: [2, 1],
  },
  local: { count: 3, size: 0.5 },
};

/** All views of the images, by view and place in the batch. */
function viewsOf(settings: Input, images: number[], epoch = 0, seed = key.seed) {
  const augmenter = makeAugmenter(augmentSchema.parse(settings), frames, { ...key, seed });
  const values = tf.tidy(() => augmenter.viewsBySize(images, epoch).map((views) => views.dataSync()));
  augmenter.dispose();
  return (view: number, i: number, group = 0) => {
    const area = augmenter.groups[group].size ** 2;
    return values[group].slice((view * images.length + i) * area, (view * images.length + i + 1) * area);
  };
}

describe("makeAugmenter", (test) => {
  test("gives an image the same pixels whatever else is in the batch and in which order", () => {
    for (const settings of [...presets.map((preset) => ({ preset })), wild]) {
      const [all, some] = [viewsOf(settings, [0, 1, 2, 3, 4, 5]), viewsOf(settings, [4, 1])];
      for (const view of [0, 1]) {
        assert.equal(some(view, 0), all(view, 4));
        assert.equal(some(view, 1), all(view, 1));
      }
    }
    assert.equal(viewsOf(wild, [4, 1])(2, 0, 1), viewsOf(wild, range(6))(2, 4, 1));
  });

  test("gives another view, epoch, seed and image other pixels", () => {
    const one = viewsOf({}, [2])(0, 0);
    const others = [viewsOf({}, [2])(1, 0), viewsOf({}, [2], 1)(0, 0), viewsOf({}, [2], 0, 8)(0, 0), viewsOf({}, [3])(0, 0)];
    for (const other of others) assert.not.equal(other, one);
  });

  test("stays within 0–1 and finite at the extremes of every setting", () => {
    const augmenter = makeAugmenter(augmentSchema.parse(wild), frames, key);
    for (const epoch of [0, 1])
      for (const views of tf.tidy(() => augmenter.viewsBySize(range(6), epoch).map((tensor) => tensor.dataSync())))
        assert.ok(views.every((value) => value >= 0 && value <= 1));
    augmenter.dispose();
  });

  test("gives local views of their own size and settings after the global ones, which they do not change", () => {
    const plain = { cropScale: [1, 1], flip: 0, gain: 0, gamma: 0, depthGain: 0, speckle: 0, blur: 0 } satisfies Input;
    const local = { count: 3, size: 0.5, settings: { gain: 0.5 } };
    const augmenter = makeAugmenter(augmentSchema.parse({ ...plain, local }), frames, key);
    assert.equal(
      augmenter.groups.map(({ size, views }) => [size, views.map(({ gain }) => gain)]),
      [
        [16, [0, 0]],
        [8, [0.5, 0.5, 0.5]],
      ],
    );
    tf.tidy(() =>
      assert.equal(
        augmenter.viewsBySize([0, 1], 0).map(({ shape }) => shape),
        [
          [4, 16, 16, 1],
          [6, 8, 8, 1],
        ],
      ),
    );
    augmenter.dispose();
    const views = viewsOf({ ...plain, local }, [0]);
    assert.equal(views(1, 0), viewsOf(plain, [0])(1, 0));
    assert.not.equal(views(0, 0, 1), views(1, 0, 1));
  });

  test("gives each view settings of its own", () => {
    const quiet = { cropScale: [1, 1], flip: 0, gain: 0, gamma: 0, depthGain: 0, speckle: 0, blur: 0 } satisfies Input;
    const views = viewsOf({ ...quiet, perView: [{ flip: 1 }, {}] }, [0]);
    const plain = range(AREA).map((i) => pixels[i] / 255);
    assertClose(views(1, 0), plain, { atol: 1e-4 }); // the box keeps a millionth from the border
    assertClose(
      views(0, 0),
      plain.map((_, i) => plain[i - (i % SIZE) + SIZE - 1 - (i % SIZE)]),
      { atol: 1e-4 },
    );
  });

  test("crops inside the box that shows the image where asked to, and says when it cannot know it", () => {
    const black = { ...frames, pixels: inside.map((value) => 255 * value) };
    const settings: Input = { cropScale: [0.2, 1], cropInside: true, gain: 0, gamma: 0, depthGain: 0, speckle: 0, blur: 0 };
    for (const source of [
      black,
      { size: SIZE, pixels: black.pixels, read: ({ 0: i }: ArrayLike<number>) => ({ inside: inside.slice(i * AREA, (i + 1) * AREA) }) },
    ]) {
      const augmenter = makeAugmenter(augmentSchema.parse(settings), source, key);
      assertClose(
        tf.tidy(() => augmenter.views(range(6), 0).min().dataSync()),
        [1],
        { atol: 1e-5 },
      );
      augmenter.dispose();
    }
    const augmenter = makeAugmenter(augmentSchema.parse(settings), { pixels, size: SIZE }, key);
    assert.throws(() => augmenter.views([0], 0), /cropInside needs frames with their inside plane/);
    augmenter.dispose();
  });

  test("makes the same views from inputs that were made before, as often as asked", () => {
    const augmenter = makeAugmenter(augmentSchema.parse(wild), frames, key);
    const inputs = augmenter.inputs([3, 0], 2);
    const [a, b] = range(2).map(() => tf.tidy(() => augmenter.apply(inputs).map((views) => views.dataSync())));
    assert.equal(a, b);
    assert.equal(a[1].slice(0, 64), viewsOf(wild, [3, 0], 2)(0, 0, 1));
    tf.dispose(inputs);
    augmenter.dispose();
  });

  test("can be recorded: the graph gives the views of inputs that it never saw", () => {
    const augmenter = makeAugmenter(augmentSchema.parse(wild), frames, key);
    const [example, other] = [augmenter.inputs([3, 0], 2), augmenter.inputs([1, 5], 3)];
    const compiled = compile((...inputs) => augmenter.apply(inputs), example);
    assert.is(compiled.mode, "graph", compiled.reason);
    tf.tidy(() => {
      const eager = augmenter.apply(other);
      for (const [g, views] of compiled.run(other).entries()) assertClose(views.dataSync(), eager[g].dataSync(), { atol: 1e-4 });
    });
    compiled.dispose();
    tf.dispose([example, other]);
    augmenter.dispose();
  });

  test("leaves no tensors behind", () =>
    expectNoLeak(() => {
      viewsOf(wild, [0, 1]);
      const augmenter = makeAugmenter(augmentSchema.parse(wild), frames, key);
      tf.dispose(augmenter.inputs([0], 0));
      augmenter.views([0], 0).dispose();
      augmenter.dispose();
    }));
});

describe("batchOf", (test) => {
  test("gathers frames in the order asked for, grey levels 0–255 as 0–1", () => {
    const pixels = Uint8Array.of(0, 51, 102, 153, 255, 204, 1, 2);
    const x = tf.tidy(() => batchOf({ size: 2, pixels }, [1, 0]).dataSync());
    assertClose(x, [1, 0.8, 1 / 255, 2 / 255, 0, 0.2, 0.4, 0.6], { atol: 1e-7 });
    const pixelsOf = (images: ArrayLike<number>) =>
      Uint8Array.from({ length: 4 * images.length }, (_, p) => pixels[4 * images[p >> 2] + (p % 4)]);
    assert.equal(
      tf.tidy(() => batchOf({ size: 2, pixelsOf }, [1, 0]).dataSync()),
      x,
    );
  });
});
