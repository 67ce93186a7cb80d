/** @file Heads of self-supervised methods against their layers by hand; prototypes; one parameter replaced in a flat vector. */
import * as assert from "uvu/assert";
import { startEngine } from "../engine/start.ts";
import { tf } from "../engine/tf.ts";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { expectNoLeak } from "../testing/expect-no-leak.ts";
import { rngOf } from "../util/rng.ts";
import { NORM_EPSILON } from "./layers.ts";
import { mlp, type MlpOptions } from "./mlp.ts";
import { initialise, replaceParam, sizeOf, unflatten } from "./network.ts";
import { normalisePrototypes, prototypes } from "./prototypes.ts";

await startEngine({ threads: 1 });

const ROWS = [
  [1, 2],
  [-1, 0.5],
  [3, -2],
];
const sizes = { from: 2, hidden: 4, to: 3 };
const start = (options: MlpOptions) => initialise(mlp(options).specs, (name) => rngOf(2, name));
const outputs = (options: MlpOptions) =>
  tf.tidy(
    () =>
      mlp(options)
        .apply(unflatten(tf.tensor1d(start(options)), mlp(options).specs), tf.tensor2d(ROWS), { kind: "batch" })
        .arraySync() as number[][],
  );

/** The same by loops, with fresh norms (scale 1, offset 0) and biases (0). */
function naive(options: MlpOptions, normed: readonly boolean[]): number[][] {
  const flat = start(options);
  const weights = mlp(options).specs.flatMap((spec, i, specs) => {
    const at = sizeOf(specs.slice(0, i));
    return spec.name.endsWith(".weight") ? [{ shape: spec.shape, values: flat.subarray(at, at + sizeOf([spec])) }] : [];
  });
  return weights.reduce<number[][]>((rows, { shape: [from, to], values }, layer) => {
    const columns = Array.from({ length: to }, (_, j) => {
      const column = rows.map((row) => row.reduce((sum, value, i) => sum + value * values[i * to + j], 0));
      if (!normed[layer]) return column;
      const mean = column.reduce((a, b) => a + b) / column.length;
      const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length;
      return column.map((value) => (value - mean) / Math.sqrt(variance + NORM_EPSILON));
    });
    assert.is(rows[0].length, from);
    return rows.map((_, n) => columns.map((column) => (layer < weights.length - 1 ? Math.max(0, column[n]) : column[n])));
  }, ROWS);
}

describe("mlp", (test) => {
  test("applies its layers one after another: 1 to 4 of them, with and without norms", () => {
    const cases: [Partial<MlpOptions>, boolean[]][] = [
      [{ layers: 1 }, [false]],
      [{}, [true, false]],
      [{ norm: false, bias: true }, [false, false]],
      [{ layers: 3, lastNorm: "plain" }, [true, true, true]],
      [{ layers: 3, lastNorm: "affine" }, [true, true, true]],
      [{ layers: 4 }, [true, true, true, false]],
    ];
    for (const [options, normed] of cases)
      assertClose(
        outputs({ ...sizes, ...options }).flat(),
        naive({ ...sizes, ...options }, normed),
        { atol: 1e-4, rtol: 1e-4 },
        JSON.stringify(options),
      );
  });

  test("has biases where asked for and no norm follows, and scale and offset unless the last norm is plain", () => {
    const names = (options: Partial<MlpOptions>) => mlp({ ...sizes, ...options, name: "h" }).specs.map(({ name }) => name);
    const normed = (layer: string) => [`h.${layer}.weight`, `h.${layer}.norm.scale`, `h.${layer}.norm.offset`];
    assert.equal(names({}), [...normed("first"), "h.second.weight"]);
    assert.equal(names({ bias: true }), [...normed("first"), "h.second.weight", "h.second.bias"]);
    assert.equal(names({ norm: false, bias: true }), ["h.first.weight", "h.first.bias", "h.second.weight", "h.second.bias"]);
    assert.equal(names({ layers: 3, lastNorm: "plain", bias: true }), [...normed("first"), ...normed("second"), "h.third.weight"]);
    assert.equal(names({ lastNorm: "affine" }), [...normed("first"), ...normed("second")]);
  });

  test("lists every norm, the plain one too, so that statistics can be measured", () => {
    assert.equal(
      mlp({ ...sizes, layers: 3, lastNorm: "plain" }).norms.map(({ name, channels }) => [name, channels]),
      [
        ["mlp.first.norm", 4],
        ["mlp.second.norm", 4],
        ["mlp.third.norm", 3],
      ],
    );
  });

  test("refuses a number of layers that it has no names for", () => {
    for (const layers of [0, 5, 1.5]) assert.throws(() => mlp({ ...sizes, layers }), /layers must be a whole number from 1 to 4, got/);
  });

  test("leaves no tensors behind, forward and backward", () => {
    const head = mlp({ ...sizes, layers: 3, lastNorm: "plain" });
    const score = (flat: tf.Tensor) =>
      tf.sum(tf.square(head.apply(unflatten(flat as tf.Tensor1D, head.specs), tf.tensor2d(ROWS), { kind: "batch" }))).asScalar();
    return expectNoLeak(() => tf.tidy(() => void tf.grad(score)(tf.tensor1d(start({ ...sizes, layers: 3, lastNorm: "plain" })))));
  });
});

describe("prototypes", (test) => {
  const head = prototypes({ from: 3, count: 4 });
  const weight = () => initialise(head.specs, (name) => rngOf(5, name));
  const lengths = (flat: ArrayLike<number>) => [0, 1, 2, 3].map((column) => Math.hypot(...[0, 1, 2].map((row) => flat[row * 4 + column])));

  test("start as unit vectors, so that scores of unit embeddings are cosines", () => {
    assertClose(lengths(weight()), [1, 1, 1, 1], { atol: 1e-6 });
    const scores = tf.tidy(() => {
      const params = unflatten(tf.tensor1d(weight()), head.specs);
      const own = tf.transpose(tf.tensor2d(weight(), [3, 4])); // the prototypes themselves [4, 3]
      return head.apply(params, own as tf.Tensor2D).arraySync() as number[][];
    });
    scores.forEach((row, i) => row.forEach((cosine, j) => assert.ok(i === j ? Math.abs(cosine - 1) < 1e-6 : Math.abs(cosine) < 1)));
  });

  test("are made unit vectors again in the flat vector, their neighbours untouched, and nothing stays behind", async () => {
    const [before, after] = [mlp({ ...sizes, name: "a" }).specs, mlp({ ...sizes, name: "b" }).specs];
    for (const specs of [[...before, ...head.specs, ...after], head.specs]) {
      const flat = tf.tensor1d(initialise(specs, (name) => rngOf(6, name)).map((value) => 7 * value));
      const renewed = replaceParam(flat, specs, head.weight, normalisePrototypes);
      const [from, to] = [flat.dataSync(), renewed.dataSync()];
      const at = specs === head.specs ? 0 : sizeOf(before);
      assertClose(lengths(to.subarray(at)), [1, 1, 1, 1], { atol: 1e-6 });
      assertClose(
        to.slice(at, at + 12),
        from.slice(at, at + 12).map((value) => value / 7),
        { atol: 1e-6 },
      );
      assert.equal([...to.slice(0, at), ...to.slice(at + 12)], [...from.slice(0, at), ...from.slice(at + 12)]);
      await expectNoLeak(() => replaceParam(flat, specs, head.weight, normalisePrototypes).dispose());
      tf.dispose([flat, renewed]);
    }
  });

  test("a prototype of zeros stays zero", () => {
    assert.equal(
      tf.tidy(() => Array.from(normalisePrototypes(tf.tensor2d([0, 3, 0, 4], [2, 2])).dataSync())),
      [0, Math.fround(0.6), 0, Math.fround(0.8)],
    );
  });

  test("replaceParam names the parameters there are", () => {
    assert.throws(
      () => replaceParam(tf.zeros([12]), head.specs, "prototype", (value) => value),
      /no parameter is called "prototype", known: prototypes.weight/,
    );
  });
});
