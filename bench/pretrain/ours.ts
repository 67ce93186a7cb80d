/** @file Pretraining as a study does it, timed: frames from the cache, views, the whole step, metrics. */
import type { EncoderConfig } from "../../src/config/encoder.ts";
import { augmentSchema } from "../../src/config/augment.ts";
import { dataSchema } from "../../src/config/data.ts";
import { encoderSchema } from "../../src/config/encoder.ts";
import { pretrainSchema } from "../../src/config/pretrain.ts";
import { makeAugmenter } from "../../src/augment/augmenter.ts";
import { openFrames } from "../../src/data/frames/load.ts";
import { openStudyManifest } from "../../src/data/study-manifest.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { median } from "../../src/metrics/moments.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { trainMethod } from "../../pretrain/train-method.ts";

export interface Setting {
  /** source of the images: "busi:<folder>" */
  data: string;
  name: EncoderConfig["name"];
  width: number;
  side: number;
  images: number;
  embedding: number;
  temperature: number;
  learningRate: number;
  momentum: number;
  threads: number;
  warmUp: number;
  steps: number;
}

export interface Measured {
  /** of a step, mean over all steps after the warm-up */
  milliseconds: number;
  /** processor time of a step, all threads and workers; PyTorch's threads spin while they wait, so a busy machine swells its own */
  cpuMilliseconds: number;
  /** most memory that the process held, and what its workers hold of their own, MiB */
  megabytes: number;
  note: string;
  engine: string;
}

export async function pretrainOurs(setting: Setting): Promise<Measured> {
  const { threads, side, images: batchSize, warmUp, steps } = setting;
  const { tensorflow } = await startEngine({ threads, engine: "cpu" });
  const { manifest } = await openStudyManifest(dataSchema.parse({ source: setting.data, imageSize: side }), 0);
  const frames = await openFrames(manifest, side);
  const images = range(frames.n);
  const encoder = encoderOf(encoderSchema.parse({ name: setting.name, width: setting.width, outputStride: 32 }));
  const config = pretrainSchema.parse({
    method: { name: "simclr", temperature: setting.temperature, projectionHidden: encoder.featureSize, projectionSize: setting.embedding },
    epochs: Math.ceil((warmUp + steps) / Math.floor(images.length / batchSize)),
    batchSize,
    augment: { preset: "simclr-grey" },
    optimiser: { learningRate: setting.learningRate, momentum: setting.momentum, weightDecay: 0, warmupShare: 0 },
  });
  let [since, cpu, milliseconds] = [0, process.cpuUsage(), 0];
  await trainMethod(config, encoder, {
    task: "bench",
    seed: 1,
    random: (...names) => rngOf(1, ...names),
    images,
    frames,
    groups: Int32Array.from(images),
    report: {
      metric: () => {},
      async progress(done) {
        if (done === warmUp) [since, cpu] = [performance.now(), process.cpuUsage()];
        if (done === warmUp + steps) [milliseconds, cpu] = [(performance.now() - since) / steps, process.cpuUsage(cpu)];
      },
    },
  });
  const augmenter = makeAugmenter(augmentSchema.parse({ preset: "simclr-grey" }), frames, { seed: 1, stream: "bench", views: 2 });
  const preparing = range(30).map((epoch) => {
    const start = performance.now();
    tf.dispose(augmenter.inputs(images.slice(0, batchSize), epoch));
    return performance.now() - start;
  });
  await frames.close();
  const prepared = median(preparing);
  return {
    milliseconds,
    cpuMilliseconds: (cpu.user + cpu.system) / 1000 / steps,
    megabytes: process.resourceUsage().maxRSS / 1024,
    note: `${prepared.toFixed(1)} ms or ${((100 * prepared) / milliseconds).toFixed(1)} % of it prepare the batch`,
    engine: `TensorFlow ${tensorflow}`,
  };
}
