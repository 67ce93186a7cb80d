/** @file Tests of the grid that statistics run on. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { rngOf } from "../util/rng.ts";
import { equalCells, statisticalGrid, toCells } from "./to-cells.ts";

const rng = rngOf(5, "maps");
const map = { values: Float32Array.from({ length: 2 * 6 * 12 }, () => rng.normal()), n: 2, rows: 6, columns: 12 };

describe("toCells", (test) => {
  test("sums blocks: a hand-made 2 × 4 map in 1 × 2 and 2 × 2 cells", () => {
    const small = { values: Float32Array.from([1, 2, 3, 4, 10, 20, 30, -40]), n: 1, rows: 2, columns: 4 };
    assert.equal([...toCells(small, 2).values], [3, 7, 30, -10]);
    assert.equal([...toCells(small, 1).values], [30]);
  });

  test("keeps the total of every image", () => {
    const total = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
    for (const cells of [1, 2, 3, 4, 6, 12, 99]) {
      const pooled = toCells(map, cells);
      const size = pooled.rows * pooled.columns;
      for (const i of [0, 1])
        assertClose(total(pooled.values.subarray(i * size, (i + 1) * size)), total(map.values.subarray(i * 72, (i + 1) * 72)), {
          atol: 1e-5,
        });
    }
  });

  test("makes equal cells only: the next smaller divisor of each side", () => {
    assert.is(equalCells(64, 16), 16);
    assert.is(equalCells(64, 10), 8);
    assert.is(equalCells(7, 4), 1);
    const { rows, columns } = toCells(map, 4);
    assert.equal([rows, columns], [3, 4]);
  });

  test("changes nothing where the map is no finer than asked", () => {
    assert.equal(toCells(map, 256).values, map.values);
  });
});

describe("statisticalGrid", (test) => {
  test("pools additive attributions and leaves Grad-CAM on its own grid", () => {
    assert.is(statisticalGrid(map, { name: "grad-cam" }, 2), map);
    assert.is(
      statisticalGrid({ ...map, rows: 12, columns: 6 }, { name: "integrated-gradients", steps: 8, baseline: "zero", cells: 4 }, 2).rows,
      4,
    );
  });

  test("makes no cell smaller than the output stride, so that a sampling pattern of that period does not show", () => {
    const lattice = Float32Array.from({ length: 256 }, (_, p) => (Math.floor(p / 16) % 4 === 0 && p % 4 === 0 ? 1 : 0));
    const pooled = statisticalGrid(
      { values: lattice, n: 1, rows: 16, columns: 16 },
      { name: "integrated-gradients", steps: 8, baseline: "zero", cells: 8 },
      4,
    );
    assert.equal([pooled.rows, pooled.columns], [4, 4]);
    assert.ok(pooled.values.every((value) => value === 1));
    assert.not.ok(toCells({ values: lattice, n: 1, rows: 16, columns: 16 }, 8).values.every((value) => value === 1));
  });
});
