/** @file The training loop of every stage: batches, steps, learning rate, what is logged, and the stop where the loss is no number. */
import type { OptimiserConfig } from "../config/optimiser.ts";
import { tf } from "../engine/tf.ts";
import type { Rng } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";
import { batchesAnEpoch, epochBatches } from "./batches.ts";
import { optimiserOf } from "./registry.ts";
import { learningRateAt } from "./schedule.ts";
import { compileTraining, disposeState, startState, type CompiledTraining } from "./train-step.ts";

export interface FitOptions {
  /** what is trained and where its settings are, for messages: "pretrain/fold-0", "pretrain.optimiser" */
  task: string;
  settings: string;
  /** images to train on, as indices */
  images: readonly number[];
  epochs: number;
  batchSize: number;
  optimiser: OptimiserConfig;
  /** first parameters [p] */
  initial: Float32Array;
  /** 1 where weight decay applies, else 0, [p] */
  decay: Float32Array;
  /** factors on the learning rate [p]; all 1 where absent */
  rates?: Float32Array;
  /** random order of an epoch's images */
  order(epoch: number): Rng;
  /** tensors of one batch of image indices, of the same shapes for every batch; disposed after its step */
  inputs(batch: Int32Array, epoch: number): tf.Tensor[];
  /** loss of parameters [p] on those tensors: a pure function of them, for it is compiled on the first batch */
  loss(flat: tf.Tensor1D, inputs: tf.Tensor[]): tf.Scalar;
  /** where points and progress go; a stage's context is one. Metric `train/compiled` is 0 where steps run op by op, and a note says why */
  report: {
    metric(key: string, value: number, step: number): void;
    progress(done: number, total: number, note?: string): Promise<void>;
  };
}

/**
 * Trains for all epochs; the last parameters count, whatever came before.
 * @returns parameters [p]
 * @throws UserError where the loss becomes NaN or infinite
 */
export async function fit(options: FitOptions): Promise<Float32Array> {
  const { images, epochs, batchSize, optimiser: config, report } = options;
  const steps = epochs * batchesAnEpoch(images.length, batchSize);
  const schedule = { peak: config.learningRate, steps, warmup: config.warmupShare * steps };
  const rule = { optimiser: optimiserOf(config), decay: tf.tensor1d(options.decay), rates: options.rates && tf.tensor1d(options.rates) };
  let state = startState(rule.optimiser, options.initial);
  let training: CompiledTraining | undefined;
  try {
    let step = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      let sum = 0;
      const batches = epochBatches(images, batchSize, options.order(epoch));
      for (const batch of batches) {
        const inputs = options.inputs(batch, epoch);
        const learningRate = learningRateAt(schedule, step);
        training ??= compileTraining(rule, options.loss, { state, batch: inputs, learningRate: schedule.peak });
        const result = training.step(state, inputs, learningRate);
        state = result.state;
        const loss = result.loss.dataSync()[0];
        tf.dispose([inputs, result.loss]);
        if (!Number.isFinite(loss))
          throw new UserError(
            `${options.task}: the loss became ${loss} at step ${step}; lower ${options.settings}.learningRate (now ${config.learningRate})`,
          );
        sum += loss;
        report.metric("train/loss", loss, step);
        report.metric("train/learning_rate", learningRate, step);
        if (step === 0) report.metric("train/compiled", training.mode === "graph" ? 1 : 0, step);
        const note = step === 0 && training.reason ? `, steps run op by op: ${training.reason}` : "";
        step++;
        await report.progress(step, steps, `loss ${loss.toFixed(3)}${note}`);
      }
      report.metric("epoch/loss", sum / batches.length, epoch);
    }
    return Float32Array.from(await state.flat.data());
  } finally {
    training?.dispose();
    disposeState(state);
    tf.dispose([rule.decay, ...(rule.rates ? [rule.rates] : [])]);
  }
}
