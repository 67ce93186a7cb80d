import * as assert from "uvu/assert";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { drawn } from "../../src/testing/picture-files.ts";
import { rngOf } from "../../src/util/rng.ts";
import { ellipseOf } from "../../src/image/ellipse.ts";
import { echoOf } from "./echo.ts";
import { drawnLesion } from "./testing/drawn-lesions.ts";

const SIDE = 240;
const lesion = drawnLesion(SIDE, { major: 70, minor: 50, x: 110, y: 120 });
const ellipse = ellipseOf(lesion)!;

/** Even noise of `width` levels: dark in the lesion, bright elsewhere, so that its standard deviation is √((width² - 1) / 12). */
function phantom(over: (x: number, y: number) => number | undefined = () => undefined) {
  const rng = rngOf(1, "echo");
  const pixels = drawn(SIDE, SIDE, (x, y) => {
    const inside = lesion.pixels[y * SIDE + x] === 1;
    const level = (inside ? 30 : 90) + rng.int(inside ? 21 : 41);
    return over(x, y) ?? level;
  });
  return { width: SIDE, height: SIDE, pixels };
}

describe("echoOf", (test) => {
  test("tells the mean and spread of both places", () => {
    const found = echoOf(phantom(), ellipse);
    assertClose(found["lesion mean"], 40, { atol: 1 });
    assertClose(found["lesion spread"], Math.sqrt((21 ** 2 - 1) / 12), { atol: 1.5 }); // a few pixels of the ellipse lie outside the mask
    assertClose(found["rim mean"], 110, { atol: 1 });
    assertClose(found["rim spread"], Math.sqrt((41 ** 2 - 1) / 12), { atol: 1 });
  });

  test("the black border of an image is no echo", () => {
    const found = echoOf(
      phantom((x) => (x > 160 ? 0 : undefined)),
      ellipse,
    );
    assertClose(found["rim mean"], 110, { atol: 2 });
  });

  test("a lesion of which nothing is in the field of view has finite numbers", () => {
    const found = echoOf({ width: SIDE, height: SIDE, pixels: new Uint8Array(SIDE * SIDE) }, { ...ellipse, row: -500 });
    assert.ok(Object.values(found).every(Number.isFinite));
  });
});
