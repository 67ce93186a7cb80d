import * as assert from "uvu/assert";
import { describe } from "../../src/testing/describe.ts";
import { auroc } from "../../src/metrics/auroc.ts";
import { drawn } from "../../src/testing/picture-files.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { measuresOf } from "./measures.ts";
import { baselinePredictions } from "./predictions.ts";
import { drawnLesion } from "./testing/drawn-lesions.ts";

const SIDE = 72;
const FOLDS = 4;
const labels = range(64).map((i) => i % 2);
const cases = { labels, groups: range(64), folds: range(64).map((i) => Math.floor(i / 2) % FOLDS) };
const image = { width: SIDE, height: SIDE, pixels: drawn(SIDE, SIDE, (x, y) => 60 + ((7 * x + 11 * y) % 50)) };

/** AUROC of each baseline on lesions of all sizes and tilts, of which `hand` and `taller` depend on the class. */
function aurocs({ hand = false, taller = false, metadata = false }): Record<string, number> {
  const known = labels.map((label, i) => {
    const rng = rngOf(i, "lesion");
    const [size, ratio, tilt] = [30 + 12 * rng.next(), 0.6 + 0.3 * rng.next(), 30 * rng.normal()];
    const jags = { height: (hand ? 0.05 + 0.1 * label : 0.1) + 0.01 * rng.normal(), count: 14 };
    const mask = drawnLesion(SIDE, { major: size, minor: size * ratio, angle: tilt + (taller && label === 1 ? 90 : 0), jags });
    return {
      metadata: { width: 400 + (metadata ? 50 * label : 0) + 10 * rng.normal(), device: `device ${i % 3}` },
      measures: measuresOf({ image, mask }),
    };
  });
  return Object.fromEntries(
    baselinePredictions(known, cases).map(({ name, predictions }) => [
      name,
      auroc(
        labels,
        predictions.map((one) => one!.score),
      ),
    ]),
  );
}
/** Two standard errors of an AUROC of 32 against 32 where there is nothing to find: √(65 / (12 · 32²)). */
const CHANCE = 2 * Math.sqrt(65 / (12 * 32 * 32));

describe("baselinePredictions", (test) => {
  test("a class that is in the hand that drew is found by the full shape and not by the coarse one", () => {
    const found = aurocs({ hand: true });
    assert.ok(found["full-shape"] > 0.95, `full ${found["full-shape"]}`);
    assert.ok(found["coarse-shape"] < 0.5 + CHANCE, `coarse ${found["coarse-shape"]}`);
    assert.ok(found["smoothed-shape"] < found["full-shape"], `smoothed ${found["smoothed-shape"]}`);
    assert.ok(found.metadata < 0.5 + CHANCE && found.echo < 0.5 + CHANCE);
    assert.is(found.majority, 0.5);
  });

  test("a class that stands upright is found by the coarse shape", () => {
    assert.ok(aurocs({ taller: true })["coarse-shape"] > 0.9);
  });

  test("a class that another device recorded is found by metadata alone", () => {
    const found = aurocs({ metadata: true });
    assert.ok(found.metadata > 0.9 && found["coarse-shape"] < 0.5 + CHANCE);
  });

  test("says what each knows, in the order of the images, and of how many it knows nothing", () => {
    const known = labels.map((_, i) => ({
      metadata: { width: 100 + i },
      measures: i < 6 ? null : measuresOf({ image, mask: drawnLesion(SIDE, { major: 40 + (i % 7), minor: 30 }) }),
    }));
    const found = baselinePredictions(known, cases);
    assert.equal(
      found.map(({ name, missing }) => [name, missing]),
      [
        ["majority", 0],
        ["metadata", 0],
        ["coarse-shape", 6],
        ["smoothed-shape", 6],
        ["full-shape", 6],
        ["echo", 6],
      ],
    );
    for (const { predictions, missing, note } of found) {
      assert.equal(
        predictions.map((one) => one === null),
        range(64).map((i) => i < missing),
      );
      assert.is(note.includes("Images without a lesion mask are left out"), missing > 0);
    }
    assert.equal(
      found[2].features.map(({ name }) => name),
      ["size", "height / width", "tilt"],
    );
    assert.is(found[1].features[0].values[9], 109);
  });

  test("refuses folds of other images", () => {
    assert.throws(() => baselinePredictions([], cases), /each of 0 images/);
  });
});
