/** @file Draws of augmentation parameters: their ranges, their shares, and that one setting leaves the others' draws alone. */
import * as assert from "uvu/assert";
import { augmentSchema, type AugmentConfig } from "../config/augment.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { range } from "../util/rng.ts";
import { COLUMNS, drawParameters, type Box, type Column } from "./parameters.ts";

const rows = 500;
const config = augmentSchema.parse({});
const draws = (settings: Partial<AugmentConfig> = {}, box: Box = [0, 0, 1, 1]) => {
  const view = { ...config, ...settings };
  const values = drawParameters({ seed: 7, stream: "x", epoch: 0 }, range(rows / 2), { views: [view, view], boxOf: () => box });
  return (column: Column) => range(rows).map((row) => values[row * COLUMNS.length + COLUMNS.indexOf(column)]);
};
const share = (values: boolean[]) => values.filter(Boolean).length / values.length;
/** Lowest edge, highest edge, size: of each box down, then across. */
const sides = (column: (name: Column) => number[]) => {
  const [top, left, bottom, right] = (["top", "left", "bottom", "right"] as const).map(column);
  return range(rows).map((i) => ({
    top: top[i],
    bottom: bottom[i],
    left: Math.min(left[i], right[i]),
    right: Math.max(left[i], right[i]),
    height: bottom[i] - top[i],
    width: Math.abs(right[i] - left[i]),
  }));
};

describe("drawParameters", (test) => {
  test("keeps boxes square, inside the image, right way up, with areas uniform in cropScale", () => {
    const boxes = sides(draws({ cropScale: [0.25, 0.64] }));
    for (const { top, bottom, left, right, height, width } of boxes) {
      assert.ok(top >= 0 && bottom <= 1 + 1e-6 && left >= 0 && right <= 1 + 1e-6 && height > 0);
      assertClose(width, height, { atol: 1e-6 });
      assert.ok(height ** 2 > 0.25 - 1e-5 && height ** 2 < 0.64 + 1e-5);
    }
    assertClose(boxes.reduce((sum, { height }) => sum + height ** 2, 0) / rows, 0.445, { atol: 0.02 }); // sd of the mean: 0.39/√12/√500 = 0.005
  });

  test("keeps even the largest box a little inside: from exactly 1, rounding would sample black beyond the border", () => {
    const column = draws({ cropScale: [1, 1] });
    assert.ok(column("top").every((top) => top > 5e-7) && column("bottom").every((bottom) => bottom < 1 - 5e-7));
    assert.ok(column("left").every((left) => left > 5e-7 && left < 1 - 5e-7));
  });

  test("never turns a view upside down, whatever the settings", () => {
    const column = draws({ cropScale: [0.01, 1], cropAspect: [0.2, 5], flip: 1, rotation: 45 });
    const bottom = column("bottom");
    assert.ok(column("top").every((top, i) => top < bottom[i]));
    assert.ok(column("angle").every((angle) => Math.abs(angle) <= Math.PI / 4 + 1e-6));
  });

  test("draws width : height within cropAspect, evenly on a log scale", () => {
    const logs = sides(draws({ cropScale: [0.2, 0.2], cropAspect: [0.5, 2] })).map(({ width, height }) => Math.log2(width / height));
    assert.ok(logs.every((log) => Math.abs(log) < 1 + 1e-5) && Math.max(...logs) > 0.95 && Math.min(...logs) < -0.95);
    assertClose(logs.reduce((a, b) => a + b) / rows, 0, { atol: 0.1 }); // 4 · (2/√12)/√500
  });

  test("with cropInside takes squares from the box, as large as fit, and from everywhere without", () => {
    const box: Box = [0.3, 0.1, 0.7, 0.9];
    const boxes = sides(draws({ cropInside: true, cropScale: [0.2, 1] }, box));
    for (const { top, bottom, left, right, height, width } of boxes) {
      assert.ok(top > 0.3 - 1e-6 && bottom < 0.7 + 1e-6 && left > 0.1 - 1e-6 && right < 0.9 + 1e-6);
      assertClose(width, height, { atol: 1e-6 });
      assert.ok(height > Math.sqrt(0.2 * 0.4 * 0.8) - 1e-6 && height < 0.4 + 1e-6);
    }
    assert.equal(draws({}, box)("top"), draws()("top"));
  });

  test("does each thing as often as the config says, 0 and 1 without exception", () => {
    const happens: [Partial<AugmentConfig>, keyof AugmentConfig, (column: (name: Column) => number[]) => boolean[]][] = [
      [{}, "flip", (column) => column("left").map((left, i) => left > column("right")[i])],
      [{}, "jitter", (column) => column("gain").map((gain) => gain !== 1)],
      [{}, "blur", (column) => column("blur").map((blur) => blur === 1)],
      [{}, "speckled", (column) => column("speckle").map((speckle) => speckle > 0)],
      [{}, "erase", (column) => column("erase").map((erase) => erase === 1)],
      [{}, "attenuation", (column) => column("attenuationRate").map((rate) => rate > 0)],
      [{}, "shadow", (column) => column("shadowStrength").map((strength) => strength > 0)],
      [{}, "haze", (column) => column("hazeStrength").map((strength) => strength > 0)],
    ];
    for (const [settings, probability, of] of happens)
      for (const p of [0, 0.3, 1])
        assertClose(share(of(draws({ ...settings, [probability]: p }))), p, { atol: p === 0.3 ? 0.08 : 0 }, probability); // 4 sd of a share of 500
  });

  test("keeps every number in its range and uses the range", () => {
    const column = draws({
      ...{ gain: 0.2, gamma: 0.5, depthGain: 0.4, blur: 1, blurMix: [0.2, 0.6], rotation: 10, attenuation: 1, attenuationRate: [1, 2] },
      ...{ shadow: 1, shadowStrength: [0.3, 0.5], shadowSize: [0.05, 0.1], haze: 1, hazeStrength: 0.4, hazeSize: [0.02, 0.06] },
    });
    const spans = (values: number[], low: number, high: number) => {
      assert.ok(Math.min(...values) >= low - 1e-6 && Math.max(...values) <= high + 1e-6);
      assert.ok(Math.min(...values) < low + 0.05 * (high - low) && Math.max(...values) > high - 0.05 * (high - low));
    };
    spans(column("gain"), 0.8, 1.2);
    spans(column("exponent").map(Math.log2), -0.5, 0.5);
    spans(column("depthGain"), -0.4, 0.4);
    spans(column("blur"), 0.2, 0.6);
    spans(column("angle"), -Math.PI / 18, Math.PI / 18);
    spans(column("attenuationRate"), 1, 2);
    spans(column("shadowStrength"), 0.3, 0.5);
    for (const name of ["shadowTop", "shadowLeft", "hazeTop"] as const) spans(column(name), 0, 1);
    for (const name of ["shadowHeight", "shadowWidth"] as const) spans(column(name), 0.05, 0.1);
    spans(column("hazeStrength"), 0, 0.4);
    spans(column("hazeHeight"), 0.02, 0.06);
  });

  test("leaves the other draws alone when one setting changes", () => {
    const [a, b] = [draws(), draws({ flip: 0, gain: 0, cropAspect: [0.5, 0.6], haze: 1 })];
    for (const column of ["exponent", "depthGain", "noiseRow", "blur", "shadowTop", "hazeTop"] as const) assert.equal(a(column), b(column));
  });

  test("numbers views on from the first", () => {
    const key = { seed: 7, stream: "x", epoch: 0 };
    const two = drawParameters(key, [3], { views: [config, config] });
    assert.equal(drawParameters(key, [3], { views: [config], first: 1 }), two.slice(COLUMNS.length));
  });
});
