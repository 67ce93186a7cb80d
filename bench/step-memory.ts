/** @file Tensors and resident memory over 2,000 compiled training steps of a small network, with a new batch each step. */
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { ourStep } from "./step/ours.ts";

const STEPS = 2000;
const EVERY = 250;
/** Memory settles while TensorFlow's allocator warms up; growth counts from here. */
const SETTLED = 500;
const LIMIT = 0.05;

await startEngine({ threads: 2, engine: "cpu" });
const point = { name: "resnet10", width: 8, side: 32, images: 16 } as const;
const views = () => tf.randomUniform<tf.Rank.R4>([2 * point.images, point.side, point.side, 1]);
const step = ourStep(views(), point, "graph");

console.log("| step | tensors | resident memory, MiB |\n|---|---|---|");
const memory = new Map<number, number>();
for (let done = 1; done <= STEPS; done++) {
  const batch = [views()];
  step.run(batch);
  tf.dispose(batch);
  if (done % EVERY !== 0) continue;
  memory.set(done, process.memoryUsage.rss() / 2 ** 20);
  console.log(`| ${done} | ${tf.memory().numTensors} | ${memory.get(done)!.toFixed(1)} |`);
}
const growth = memory.get(STEPS)! / memory.get(SETTLED)! - 1;
console.log(
  `\nGrowth from step ${SETTLED}: ${(100 * growth).toFixed(1)} %; limit ${100 * LIMIT} %: ${growth <= LIMIT ? "kept" : "missed"}`,
);
