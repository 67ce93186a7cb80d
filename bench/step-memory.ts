/** @file Tensors and resident memory over 2,000 steps of a real pretraining: new views each step, a target network, metrics, checkpoints. */
import { encoderSchema } from "../src/config/encoder.ts";
import { pretrainSchema } from "../src/config/pretrain.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { encoderOf } from "../src/models/registry.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { trainMethod } from "../pretrain/train-method.ts";

const STEPS = 2000;
const EVERY = 250;
/** Memory settles while TensorFlow's allocator warms up; growth counts from here. */
const SETTLED = 500;
const LIMIT = 0.05;
const [SIZE, IMAGES, BATCH] = [32, 160, 16];

await startEngine({ threads: 2, engine: "cpu" });
const noise = rngOf(1, "frames");
const frames = { size: SIZE, pixels: Uint8Array.from({ length: IMAGES * SIZE ** 2 }, () => 255 * noise.next()) };
const config = pretrainSchema.parse({ method: { name: "byol" }, batchSize: BATCH, epochs: (STEPS * BATCH) / IMAGES });

console.log("| step | tensors | resident memory, MiB |\n|---|---|---|");
const seen: { step: number; tensors: number; memory: number }[] = [];
await trainMethod(config, encoderOf(encoderSchema.parse({ name: "resnet10", width: 8 })), {
  task: "bench",
  seed: 1,
  random: (...names) => rngOf(1, ...names),
  images: range(IMAGES),
  frames,
  groups: Int32Array.from(range(IMAGES)),
  observe: ({ embeddings }) => void embeddings.dataSync(),
  report: {
    metric: () => {},
    async progress(step, _steps, _note, save) {
      if (step % EVERY !== 0) return;
      save!();
      const now = { step, tensors: tf.memory().numTensors, memory: process.memoryUsage.rss() / 2 ** 20 };
      seen.push(now);
      console.log(`| ${step} | ${now.tensors} | ${now.memory.toFixed(1)} |`);
    },
  },
});
const [settled, last] = [seen.find(({ step }) => step === SETTLED)!, seen.at(-1)!];
const growth = last.memory / settled.memory - 1;
console.log(
  `\nGrowth from step ${SETTLED}: ${last.tensors - settled.tensors} tensors, ${(100 * growth).toFixed(1)} % of memory; limit ${100 * LIMIT} %: ${growth <= LIMIT && last.tensors === settled.tensors ? "kept" : "missed"}`,
);
