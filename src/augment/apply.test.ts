/** @file Augmentations of pixels: each step against its formula, pixel by pixel. */
import * as assert from "uvu/assert";
import { augmentSchema } from "../config/augment.ts";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range, rngOf } from "../util/rng.ts";
import { augmentBatch, stepsOf, type AugmentOptions, type Steps } from "./apply.ts";
import { batchOf } from "./batch.ts";
import { NOISE_ROWS, noiseStrip } from "./noise.ts";
import { COLUMNS, unchanged, type Column } from "./parameters.ts";

await startEngine({ threads: 1 });

const SIZE = 8;
const rng = rngOf(1, "augment.test");
const pixels = Uint8Array.from({ length: 6 * SIZE * SIZE }, () => rng.int(256));
const frames = { pixels, size: SIZE };
const noise = noiseStrip(7, SIZE);
const everyStep = Object.fromEntries(Object.keys(stepsOf([])).map((step) => [step, true])) as Steps;
const noRotation = { ...everyStep, rotate: false };

interface Setting {
  /** of the view */
  size?: number;
  image?: () => tf.Tensor4D;
  options?: Partial<AugmentOptions>;
}

/** Image 0 with these parameters instead of the unchanging ones, [size²]. */
function augmented(settings: Partial<Record<Column, number>>, { size = SIZE, image, options = {} }: Setting = {}): Float32Array {
  return tf.tidy(() => {
    const row = unchanged(1);
    for (const [column, value] of Object.entries(settings)) row[COLUMNS.indexOf(column as Column)] = value;
    return augmentBatch(image?.() ?? batchOf(frames, [0]), tf.tensor2d(row, [1, COLUMNS.length]), {
      size,
      steps: noRotation,
      blurWidth: 3,
      noise,
      ...options,
    }).dataSync() as Float32Array;
  });
}
const grey = Float64Array.from(pixels.subarray(0, SIZE * SIZE), (level) => level / 255);
const at = (y: number, x: number) => grey[Math.min(SIZE - 1, Math.max(0, y)) * SIZE + Math.min(SIZE - 1, Math.max(0, x))];
const each = (f: (y: number, x: number) => number, size = SIZE) => range(size * size).map((i) => f(Math.floor(i / size), i % size));
const clip = (value: number) => Math.min(1, Math.max(0, value));
const rotation = { options: { steps: everyStep } };

/** Image 0 between pixels: bilinear, black outside. */
function sample(y: number, x: number): number {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const pixel = (row: number, column: number) => (row < 0 || column < 0 || row >= SIZE || column >= SIZE ? 0 : at(row, column));
  const line = (row: number) => pixel(row, left) * (left + 1 - x) + pixel(row, left + 1) * (x - left);
  return line(top) * (top + 1 - y) + line(top + 1) * (y - top);
}

describe("augmentBatch", (test) => {
  test("with unchanging parameters gives the frame back, whatever the steps; bit for bit without gamma", () => {
    for (const steps of [everyStep, noRotation, stepsOf([])]) {
      assertClose(augmented({}, { options: { steps } }), grey, { rtol: 1e-6 }, JSON.stringify(steps));
      assert.equal(augmented({}, { options: { steps: { ...steps, gamma: false } } }), Float32Array.from(grey), JSON.stringify(steps));
    }
  });

  test("leaves out steps that its settings cannot reach", () => {
    const mild = augmentSchema.parse({ gain: 0, gamma: 0, depthGain: 0, speckle: 0, blur: 0 });
    assert.not.ok(Object.values(stepsOf([mild])).includes(true));
    assert.equal(stepsOf([mild, { ...mild, shadow: 0.1 }]), { ...stepsOf([]), shadow: true });
    const { gain, gamma, speckle, blur, ...rest } = stepsOf([augmentSchema.parse({})]);
    assert.ok(gain && gamma && speckle && blur);
    assert.not.ok(Object.values(rest).includes(true));
  });

  test("flips left and right where the box's corners are swapped", () => {
    const flipped = each((y, x) => at(y, SIZE - 1 - x));
    assertClose(augmented({ left: 1, right: 0 }), flipped, { atol: 1e-6 });
    assertClose(augmented({ left: 1, right: 0 }, rotation), flipped, { atol: 1e-5 });
  });

  test("samples a box bilinearly from its first to its last pixel centre", () => {
    const box = { top: 1 / 7, left: 2 / 7, bottom: 4 / 7, right: 5 / 7 }; // pixels 1 … 4 by 2 … 5, at 7 × 7 points half a pixel apart
    const expected = each((y, x) => sample(1 + y / 2, 2 + x / 2), 7);
    assertClose(augmented(box, { size: 7 }), expected, { atol: 1e-5 });
    assertClose(augmented(box, { size: 7, ...rotation }), expected, { atol: 1e-5 });
  });

  test("turns a box about its centre, flipped or not, black outside", () => {
    const angle = 0.3;
    for (const [left, right] of [
      [0.1, 0.9],
      [0.9, 0.1],
    ]) {
      const [cy, cx, scaleY, scaleX] = [0.45 * 7, 0.5 * 7, (0.7 * 7) / 5, ((right - left) * 7) / 5];
      const expected = each((y, x) => {
        const [dy, dx] = [(y - 2.5) * scaleY, (x - 2.5) * scaleX];
        return sample(cy + Math.sin(angle) * dx + Math.cos(angle) * dy, cx + Math.cos(angle) * dx - Math.sin(angle) * dy);
      }, 6);
      assertClose(augmented({ top: 0.1, bottom: 0.8, left, right, angle }, { size: 6, ...rotation }), expected, { atol: 1e-5 });
    }
    assert.is(augmented({ angle: 0.7 }, rotation)[0], 0);
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

  test("attenuates by (1 - λ)·exp(-μ·depth) + λ, darker downwards", () => {
    const [mu, floor] = [1.3, 0.2];
    const expected = each((y, x) => at(y, x) * ((1 - floor) * Math.exp((-mu * y) / 7) + floor));
    assertClose(augmented({ attenuationRate: mu, attenuationFloor: floor }), expected, { atol: 1e-6 });
  });

  test("darkens a Gaussian shadow at its place, along both axes by its size", () => {
    const shadow = { shadowStrength: 0.6, shadowTop: 0.7, shadowLeft: 0.2, shadowHeight: 0.1, shadowWidth: 0.3 };
    const expected = each((y, x) => at(y, x) * (1 - 0.6 * Math.exp(-((y / 7 - 0.7) ** 2) / 0.02 - (x / 7 - 0.2) ** 2 / 0.18)));
    assertClose(augmented(shadow), expected, { atol: 1e-6 });
  });

  test("adds a band of haze at its depth and clips", () => {
    const expected = each((y, x) => clip(at(y, x) + 0.5 * Math.exp(-((y / 7 - 0.4) ** 2) / (2 * 0.1 ** 2))));
    assertClose(augmented({ hazeStrength: 0.5, hazeTop: 0.4, hazeHeight: 0.1 }), expected, { atol: 1e-6 });
  });

  test("takes speckle from the noise strip from the view's row on, up to the last row, and a smaller view from its left", () => {
    const strip = noise.dataSync();
    const flat = () => tf.fill([1, SIZE, SIZE, 1], 0.5) as tf.Tensor4D;
    for (const size of [SIZE, SIZE / 2])
      for (const noiseRow of [0, 3, 257, NOISE_ROWS - 1])
        assertClose(
          augmented({ speckle: 0.1, noiseRow }, { image: flat, size }),
          each((y, x) => 0.5 * (1 + 0.1 * strip[(noiseRow + y) * SIZE + x]), size),
          { atol: 1e-5 },
        );
  });

  test("blurs by the binomial kernel of its width with the border mirrored, by the share asked for", () => {
    for (const [blurWidth, line] of [
      [3, [1, 2, 1]],
      [5, [1, 4, 6, 4, 1]],
      [7, [1, 6, 15, 20, 15, 6, 1]],
    ] as const) {
      const reach = (blurWidth - 1) / 2;
      const mirror = (i: number) => (i < 0 ? -1 - i : i >= SIZE ? 2 * SIZE - 1 - i : i);
      const blurred = each((y, x) =>
        range(blurWidth ** 2).reduce((sum, i) => {
          const [down, across] = [Math.floor(i / blurWidth), i % blurWidth];
          return sum + (line[down] * line[across] * at(mirror(y + down - reach), mirror(x + across - reach))) / 4 ** (blurWidth - 1);
        }, 0),
      );
      for (const blur of [1, 0.3, 0])
        assertClose(
          augmented({ blur }, { options: { blurWidth } }),
          each((y, x) => at(y, x) + blur * (blurred[y * SIZE + x] - at(y, x))),
          { atol: 1e-6 },
        );
    }
  });

  test("fills what was drawn with the Gaussian mean of what is around it, in the views that say so", () => {
    const mask = Float32Array.from(each((y, x) => (y === 3 && x > 2 ? 1 : 0)));
    const near = (a: number, b: number) => Math.exp(-((a - b) ** 2) / (2 * (SIZE / 24) ** 2));
    const filled = each((y, x) => {
      if (!mask[y * SIZE + x]) return at(y, x);
      const weights = each((v, u) => near(y, v) * near(x, u) * (1 - mask[v * SIZE + u]));
      return weights.reduce((sum, w, i) => sum + w * grey[i], 0) / weights.reduce((a, b) => a + b);
    });
    const erased = (erase: number) => tf.tidy(() => augmented({ erase }, { options: { drawn: tf.tensor4d(mask, [1, SIZE, SIZE, 1]) } }));
    assertClose(erased(1), filled, { atol: 1e-5 });
    assertClose(erased(0), grey, { rtol: 1e-6 });
  });

  test("names wrong parameters", () => {
    const call = (rows: number, columns: number) =>
      tf.tidy(() => {
        const options = { size: SIZE, steps: noRotation, blurWidth: 3 as const, noise };
        augmentBatch(batchOf(frames, [0, 1]), tf.zeros([rows, columns]), options);
      });
    assert.throws(() => call(3, COLUMNS.length), /augmentBatch: parameters must have a multiple of 2 rows, got 3/);
    assert.throws(() => call(4, 5), new RegExp(`augmentBatch: parameters must have ${COLUMNS.length} columns, got 5`));
  });
});

describe("noiseStrip", (test) => {
  const SIDE = 16;
  const correlation = (grain: [number, number], dy: number, dx: number) => {
    const strip = tf.tidy(() => noiseStrip(1, SIDE, grain).dataSync());
    const value = (y: number, x: number) => strip[(y % NOISE_ROWS) * SIDE + (x % SIDE)];
    const products = range(NOISE_ROWS * SIDE).map(
      (i) => value(Math.floor(i / SIDE), i % SIDE) * value(Math.floor(i / SIDE) + dy, (i % SIDE) + dx),
    );
    return products.reduce((a, b) => a + b) / products.length;
  };
  // of 2^16 products of normal numbers, 4 standard errors of the mean; correlated ones count as fewer
  const tolerance = { atol: 0.06 };

  test("has variance 1 and, without grain, no correlation", () => {
    assertClose(correlation([0, 0], 0, 0), 1, tolerance);
    assertClose(correlation([0, 0], 0, 1), 0, tolerance);
  });
  test("with grain keeps its variance and correlates as a Gaussian does, exp(-d²/4σ²), across and along", () => {
    assertClose(correlation([1.5, 1], 0, 0), 1, tolerance);
    assertClose(correlation([1.5, 1], 0, 2), Math.exp(-4 / (4 * 1.5 ** 2)), tolerance);
    assertClose(correlation([1.5, 1], 2, 0), Math.exp(-4 / 4), tolerance);
  });
});
