/** @file Augmentations: each step against its formula, and draws that depend on image, epoch and view alone. */
import * as assert from "uvu/assert";
import { augmentSchema, type AugmentConfig } from "../config/augment.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { range, rngOf } from "../util/rng.ts";
import { augmentBatch } from "./apply.ts";
import { makeAugmenter } from "./augmenter.ts";
import { batchOf } from "./batch.ts";
import { NOISE_SIDE, noiseField } from "./noise.ts";
import { COLUMNS, drawParameters, unchanged, type Column } from "./parameters.ts";

await startEngine({ threads: 1 });

const SIZE = 8;
const rng = rngOf(1, "augment.test");
const pixels = Uint8Array.from({ length: 6 * SIZE * SIZE }, () => rng.int(256));
const frames = { pixels, size: SIZE };
const config = augmentSchema.parse({});
const key = { seed: 7, stream: "pretrain/fold-0", views: 2 };

/** Image 0 with these parameters instead of the unchanging ones, [size²]; `size` of the view. */
function augmented(settings: Partial<Record<Column, number>>, size = SIZE, image = (): tf.Tensor4D => batchOf(frames, [0])): Float32Array {
  return tf.tidy(() => {
    const row = unchanged(1);
    for (const [column, value] of Object.entries(settings)) row[COLUMNS.indexOf(column as Column)] = value;
    return augmentBatch(image(), tf.tensor2d(row, [1, COLUMNS.length]), noiseField(7, size), size).dataSync() as Float32Array;
  });
}
const grey = Float64Array.from(pixels.subarray(0, SIZE * SIZE), (level) => level / 255);
const at = (y: number, x: number) => grey[Math.min(SIZE - 1, Math.max(0, y)) * SIZE + Math.min(SIZE - 1, Math.max(0, x))];
const each = (f: (y: number, x: number) => number) => range(SIZE * SIZE).map((i) => f(Math.floor(i / SIZE), i % SIZE));
const clip = (value: number) => Math.min(1, Math.max(0, value));

describe("augmentBatch", (test) => {
  test("with unchanging parameters gives the frame back", () => assertClose(augmented({}), grey, { atol: 1e-6 }));

  test("flips left and right where the box's corners are swapped", () =>
    assertClose(
      augmented({ left: 1, right: 0 }),
      each((y, x) => at(y, SIZE - 1 - x)),
      { atol: 1e-6 },
    ));

  test("samples a box bilinearly from its first to its last pixel centre", () => {
    const [top, left, bottom, right] = [1 / 7, 2 / 7, 4 / 7, 5 / 7]; // pixels 1 … 4 by 2 … 5, at 7 × 7 points half a pixel apart
    const expected = range(49).map((i) => {
      const [y, x] = [1 + Math.floor(i / 7) / 2, 2 + (i % 7) / 2];
      const corner = (dy: number, dx: number) =>
        at(Math.floor(y) + dy, Math.floor(x) + dx) * Math.abs(1 - dy - (y % 1)) * Math.abs(1 - dx - (x % 1));
      return corner(0, 0) + corner(0, 1) + corner(1, 0) + corner(1, 1);
    });
    assertClose(augmented({ top, left, bottom, right }, 7), expected, { atol: 1e-5 });
  });

  test("multiplies by gain and clips, raises to the exponent, tilts gain from top to bottom", () => {
    assertClose(
      augmented({ gain: 1.5 }),
      each((y, x) => clip(1.5 * at(y, x))),
      { atol: 1e-6 },
    );
    assertClose(
      augmented({ exponent: 1.7 }),
      each((y, x) => at(y, x) ** 1.7),
      { atol: 1e-5 },
    );
    assertClose(
      augmented({ depthGain: 0.4 }),
      each((y, x) => clip(at(y, x) * (1 + 0.4 * (y / (SIZE - 1) - 0.5)))),
      { atol: 1e-6 },
    );
  });

  test("takes speckle from the noise field at the view's offset, whole pixels, up to the last offset", () => {
    const field = tf.tidy(() => noiseField(7, SIZE).dataSync());
    const side = NOISE_SIDE + SIZE;
    const flat = () => tf.fill([1, SIZE, SIZE, 1], 0.5) as tf.Tensor4D;
    for (const [noiseTop, noiseLeft] of [
      [0, 0],
      [3, 11],
      [100, 254],
      [255, 255],
    ] as const)
      assertClose(
        augmented({ speckle: 0.1, noiseTop, noiseLeft }, SIZE, flat),
        each((y, x) => 0.5 * (1 + 0.1 * field[(noiseTop + y) * side + noiseLeft + x])),
        { atol: 1e-5 },
      );
  });

  test("blurs by the binomial kernel with the border repeated, and stays as it is at mix 0", () => {
    const binomial = [1, 2, 1];
    const blurred = each((y, x) =>
      range(9).reduce(
        (sum, i) => sum + (binomial[Math.floor(i / 3)] * binomial[i % 3] * at(y + Math.floor(i / 3) - 1, x + (i % 3) - 1)) / 16,
        0,
      ),
    );
    assertClose(augmented({ blur: 1 }), blurred, { atol: 1e-6 });
    assertClose(augmented({ blur: 0 }), grey, { atol: 1e-6 });
  });

  test("stays within 0–1 and finite at the extremes of every setting", () => {
    const wild = augmentSchema.parse({ gain: 1, gamma: 1, depthGain: 1, speckle: 1, blur: 1, cropScale: [0.01, 0.02] });
    const augmenter = makeAugmenter(wild, frames, key);
    const values = tf.tidy(() => augmenter.views(range(6), 0).dataSync());
    augmenter.dispose();
    assert.ok(values.every((value) => value >= 0 && value <= 1));
  });

  test("names wrong parameters", () => {
    const call = (rows: number, columns: number) =>
      tf.tidy(() => void augmentBatch(batchOf(frames, [0, 1]), tf.zeros([rows, columns]), noiseField(7, SIZE), SIZE));
    assert.throws(() => call(3, COLUMNS.length), /augmentBatch: parameters must have a multiple of 2 rows, got 3/);
    assert.throws(() => call(4, 5), /augmentBatch: parameters must have 11 columns, got 5/);
  });
});

describe("makeAugmenter", (test) => {
  const views = (images: number[], epoch = 0, seed = 7, settings: AugmentConfig = config) => {
    const augmenter = makeAugmenter(settings, frames, { ...key, seed });
    const values = tf.tidy(() => augmenter.views(images, epoch).dataSync());
    augmenter.dispose();
    return (view: number, i: number) =>
      values.slice((view * images.length + i) * SIZE * SIZE, (view * images.length + i + 1) * SIZE * SIZE);
  };

  test("gives an image the same pixels whatever else is in the batch and in which order", () => {
    const [all, some] = [views([0, 1, 2, 3, 4, 5]), views([4, 1])];
    for (const view of [0, 1]) {
      assert.equal(some(view, 0), all(view, 4));
      assert.equal(some(view, 1), all(view, 1));
    }
  });

  test("gives another view, epoch, seed and image other pixels", () => {
    const one = views([2])(0, 0);
    for (const other of [views([2])(1, 0), views([2], 1)(0, 0), views([2], 0, 8)(0, 0), views([3])(0, 0)]) assert.not.equal(other, one);
  });

  test("leaves no tensors behind", () => expectNoLeak(() => void views([0, 1])));
});

describe("drawParameters", (test) => {
  const rows = 500;
  const draws = (settings: Partial<AugmentConfig> = {}) => {
    const values = drawParameters({ ...config, ...settings }, { ...key, epoch: 0 }, range(rows / 2));
    return (column: Column) => range(rows).map((row) => values[row * COLUMNS.length + COLUMNS.indexOf(column)]);
  };
  const share = (values: boolean[]) => values.filter(Boolean).length / values.length;

  test("keeps boxes square, inside the image, right way up, with areas uniform in cropScale", () => {
    const column = draws({ cropScale: [0.25, 0.64] });
    const [top, left, bottom, right] = (["top", "left", "bottom", "right"] as const).map(column) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const areas = top.map((value, i) => (bottom[i] - value) ** 2);
    for (const i of range(rows)) {
      assert.ok(top[i] >= 0 && bottom[i] <= 1 + 1e-6 && Math.min(left[i], right[i]) >= 0 && Math.max(left[i], right[i]) <= 1 + 1e-6);
      assert.ok(bottom[i] > top[i]);
      assertClose(Math.abs(right[i] - left[i]), bottom[i] - top[i], { atol: 1e-6 });
      assert.ok(areas[i] > 0.25 - 1e-5 && areas[i] < 0.64 + 1e-5);
    }
    assertClose(areas.reduce((a, b) => a + b) / rows, 0.445, { atol: 0.02 }); // sd of the mean: 0.39/√12/√500 = 0.005
  });

  test("keeps even the largest box a little inside: from exactly 1, rounding would sample black beyond the border", () => {
    const column = draws({ cropScale: [1, 1] });
    assert.ok(column("top").every((top) => top > 5e-7) && column("bottom").every((bottom) => bottom < 1 - 5e-7));
    assert.ok(column("left").every((left) => left > 5e-7 && left < 1 - 5e-7));
  });

  test("flips and blurs as often as the config says, 0 and 1 without exception", () => {
    const flipped = (settings: Partial<AugmentConfig>) => {
      const column = draws(settings);
      const right = column("right");
      return share(column("left").map((left, i) => left > right[i]));
    };
    assertClose(flipped({ flip: 0.3 }), 0.3, { atol: 0.08 }); // 4 standard deviations of a share of 500
    assert.is(flipped({ flip: 0 }), 0);
    assert.is(flipped({ flip: 1 }), 1);
    assertClose(share(draws({ blur: 0.3 })("blur").map((blur) => blur === 1)), 0.3, { atol: 0.08 });
  });

  test("keeps gain, exponent and depth gain in their ranges and uses the ranges", () => {
    const column = draws({ gain: 0.2, gamma: 0.5, depthGain: 0.4 });
    const spans = (values: number[], low: number, high: number) => {
      assert.ok(Math.min(...values) >= low - 1e-6 && Math.max(...values) <= high + 1e-6);
      assert.ok(Math.min(...values) < low + 0.05 * (high - low) && Math.max(...values) > high - 0.05 * (high - low));
    };
    spans(column("gain"), 0.8, 1.2);
    spans(column("exponent").map(Math.log2), -0.5, 0.5);
    spans(column("depthGain"), -0.4, 0.4);
  });

  test("leaves the other draws alone when one setting changes", () => {
    const [a, b] = [draws(), draws({ flip: 0, gain: 0 })];
    for (const column of ["top", "exponent", "depthGain", "noiseTop", "blur"] as const) assert.equal(a(column), b(column));
  });
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
