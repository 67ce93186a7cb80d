import * as assert from "uvu/assert";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { watch, type WatchOptions } from "./watch.ts";

await startEngine({ threads: 1 });
const [EPOCHS, BATCH, D] = [10, 16, 8];

/** What a watch logs and says over a run whose embeddings `row` makes of standard normal numbers; both views are one. */
async function run(
  row: (noise: number[], epoch: number) => number[],
  over: Partial<WatchOptions> = {},
  scores?: (epoch: number) => number[][],
) {
  const points: [string, number, number][] = [];
  const notes: string[] = [];
  const eye = watch({
    task: "pretrain/fold-0",
    epochs: EPOCHS,
    every: 1,
    stopOnCollapse: false,
    batchSize: BATCH,
    metric: (...point) => void points.push(point),
    note: (text) => void notes.push(text),
    ...over,
  });
  const rng = rngOf(1, "watch.test");
  const flat = tf.tensor1d([7]);
  for (const epoch of range(EPOCHS)) {
    for (const batch of [0, 1]) {
      const rows = range(BATCH).map(() =>
        row(
          range(D).map(() => rng.normal()),
          epoch,
        ),
      );
      const aux = { embeddings: tf.tensor2d([...rows, ...rows]), ...(scores ? { scores: tf.tensor2d(scores(epoch)) } : {}) };
      eye.observe(aux, { step: 2 * epoch + batch, epoch, batch, batches: 2 });
      tf.dispose(aux);
    }
    await eye.afterEpoch({ epoch, flat, meanLoss: 1 });
  }
  flat.dispose();
  const of = (key: string) => points.filter(([name]) => name === key).map(([, value]) => value);
  return { of, points, notes, verdict: eye.verdict() };
}
const spread = (noise: number[]) => noise;
const onePoint = (noise: number[]) => noise.map((x) => 100 + x);

describe("watch", (test) => {
  test("logs what the embeddings show, with the line of an even spread", async () => {
    const { of, verdict } = await run(spread);
    assertClose(of("watch/embedding_std"), Array(EPOCHS).fill(1 / Math.sqrt(D)), { atol: 0.03 });
    assertClose(of("watch/embedding_std_even"), Array(EPOCHS).fill(1 / Math.sqrt(D)), {});
    assertClose(of("watch/alignment"), Array(EPOCHS).fill(0), { atol: 1e-6 });
    assert.ok(of("watch/rank_me").every((rank) => rank > 6 && rank <= D));
    assert.equal(of("watch/prototype_entropy"), []);
    assert.not(verdict!.collapsed);
  });
  test("looks at every n-th epoch and at the last one", async () => {
    const epochs = (await run(spread, { every: 4 })).points.filter(([key]) => key === "watch/rank_me").map(([, , epoch]) => epoch);
    assert.equal(epochs, [3, 7, 9]);
  });
  test("tells of prototypes beside ln k", async () => {
    const { of } = await run(spread, {}, () => range(BATCH).map((i) => range(4).map((k) => (i % 4 === k ? 1 : 0))));
    assert.is(of("watch/prototypes_used").at(-1), 4);
    assertClose(of("watch/ln_prototypes"), Array(EPOCHS).fill(Math.log(4)), { rtol: 1e-12 });
  });
  test("asks for neighbours with the parameters of the epoch", async () => {
    const { of } = await run(spread, { every: 5, neighbours: (flat) => flat.dataSync()[0] });
    assert.equal(of("watch/knn_auroc"), [7, 7]);
  });
  test("says once that embeddings collapsed, and once that they are no longer", async () => {
    const { notes, of } = await run((noise, epoch) => (epoch < 2 || epoch > 5 ? spread(noise) : onePoint(noise)));
    assert.is(notes.length, 2);
    assert.match(notes[0], /^embeddings have collapsed \(epoch 3 of 10\)\. Nearly all images have one embedding/);
    assert.match(notes[1], /^embeddings are no longer collapsed \(epoch 7 of 10\)$/);
    assert.equal(of("watch/collapsed"), [0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
  });
  test("ends the run after three looks that agree, if it is told to", () =>
    assertUserError(
      () => run(onePoint, { stopOnCollapse: true }),
      /^pretrain\/fold-0: embeddings have collapsed \(epoch 5 of 10\)\. Nearly all images have one embedding/,
    ));
});
