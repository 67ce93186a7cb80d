/** @file Tests of maps in files. */
import * as assert from "uvu/assert";
import { assertUserError } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { withFolder } from "../src/testing/picture-files.ts";
import { openStore } from "../src/tracking/open-store.ts";
import { alignMaps, labelMethods, readIndex, readMaps, writeIndex, writeMaps } from "./map-files.ts";

const maps = { values: Float32Array.of(1, -2, 3.5, 1e-30, 0, -0.25), n: 2, rows: 1, columns: 3 };
const index = [
  { row: 0, image: "benign/benign (1)", group: "a,b", label: "benign", score: -1.25 },
  { row: 1, image: "b", group: "g", label: "malignant", score: 0.1 },
];

describe("map files", (test) => {
  test("come back as they were written, bit for bit, commas and brackets in names included", () =>
    withFolder(async (folder) => {
      const store = openStore(folder, { now: () => 0 });
      const { experimentId } = await store.experiment("maps");
      const { runId } = (await store.createRun({ experimentId, name: "explain", startTime: 0 })).info;
      const write = (path: string, data: string | Uint8Array) => store.putArtifact(runId, path, data);
      await writeMaps(write, "grad-cam", maps);
      await writeIndex(write, index);
      assert.equal(await readMaps(store, runId, "grad-cam"), maps);
      assert.equal(await readIndex(store, runId), index);
    }));

  test("are refused where they are no maps, or cut short", () =>
    withFolder(async (folder) => {
      const store = openStore(folder, { now: () => 0 });
      const { experimentId } = await store.experiment("maps");
      const { runId } = (await store.createRun({ experimentId, name: "explain", startTime: 0 })).info;
      await store.putArtifact(runId, "maps/text.npy", "no map at all");
      await writeMaps((path, data) => store.putArtifact(runId, path, data.slice(0, -4)), "cut", maps);
      for (const label of ["text", "cut"])
        await assertUserError(() => readMaps(store, runId, label), new RegExp(`maps/${label}\\.npy does not hold float32`));
    }));
});

describe("labelMethods", (test) => {
  test("numbers a method that comes again with other parameters", () => {
    const ig = (baseline: "zero" | "mean") => ({ name: "integrated-gradients", steps: 8, baseline, cells: 16 }) as const;
    assert.equal(
      labelMethods([ig("zero"), { name: "grad-cam" }, ig("mean")]).map(({ label }) => label),
      ["integrated-gradients", "grad-cam", "integrated-gradients-2"],
    );
  });
});

describe("alignMaps", (test) => {
  test("puts the maps of all folds in the order of the images", () => {
    const other = { index: [{ ...index[0]!, image: "c" }], maps: { ...maps, values: Float32Array.of(7, 8, 9), n: 1 } };
    const { values, n } = alignMaps([{ index, maps }, other], ["c", "b", "benign/benign (1)"]);
    assert.is(n, 3);
    assert.equal([...values], [7, 8, 9, ...maps.values.subarray(3), ...maps.values.subarray(0, 3)]);
  });

  test("refuses an image without a map, and folds of different grids", async () => {
    await assertUserError(() => alignMaps([{ index, maps }], ["nobody"]), /image nobody has no map in any fold/);
    assert.throws(
      () =>
        alignMaps(
          [
            { index, maps },
            { index, maps: { ...maps, rows: 3, columns: 1 } },
          ],
          ["b"],
        ),
      /folds must share one grid, got 1×3 and 3×1/,
    );
  });
});
