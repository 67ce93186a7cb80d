/** @file The training loop of every stage: batches, updates, learning rate, what is logged, checkpoints, and the stop where the loss is no number. */
import type { OptimiserConfig } from "../config/optimiser.ts";
import { tf } from "../engine/tf.ts";
import type { Rng } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";
import { epochBatches, planUpdates, type BatchSettings } from "./batches.ts";
import { decodeTraining, encodeTraining, type StoredCheckpoint } from "./checkpoint.ts";
import type { Learner, NamedTensors, TrainState } from "./learner.ts";
import { optimiserOf } from "./registry.ts";
import { learningRateAt } from "./schedule.ts";
import { compileTraining, disposeState, startState, type CompiledTraining, type StepResult } from "./train-step.ts";

/** Where an update stands in the run. */
export interface At {
  /** updates before it */
  step: number;
  epoch: number;
  /** number of the batch in the epoch, and how many there are */
  batch: number;
  batches: number;
}

export interface FitOptions extends BatchSettings, Pick<Learner, "prepare" | "loss" | "after"> {
  /** what is trained and where its settings are, for messages: "pretrain/fold-0", "pretrain" */
  task: string;
  settings: string;
  /** images to train on, as indices, and what one is called in messages */
  images: readonly number[];
  nameOf?(image: number): string;
  optimiser: OptimiserConfig;
  /** first parameters [p], and how many each tensor of them has */
  initial: Float32Array;
  sizes: readonly number[];
  /** 1 where weight decay applies, else 0, [p] */
  decay: Float32Array;
  /** factors on the learning rate [p]; all 1 where absent */
  rates?: Float32Array;
  /** first values of what is carried beside the parameters; the state's from then on */
  carried?: NamedTensors;
  /** numbers of an update, by name; the same names always */
  scalars?(step: number, steps: number): Record<string, number>;
  /** random order of an epoch's images */
  order(epoch: number): Rng;
  /** tensors of one batch of image indices, of the same shapes for every batch; disposed after its step */
  inputs(batch: Int32Array, epoch: number): tf.Tensor[];
  /** sees what the loss gave beside itself, of every batch; may read it, not keep it */
  observe?(aux: NamedTensors, at: At): void;
  /** after an epoch's last update; parameters [p] stay the state's. With "stop" the training ends here, its schedule unfinished */
  afterEpoch?(end: { epoch: number; flat: tf.Tensor1D; meanLoss: number }): Promise<"stop" | void>;
  /** epochs after which the training ends, its schedule unfinished; all where absent */
  endAfter?: number | undefined;
  /** checkpoint of this very training to go on from */
  resume?: StoredCheckpoint | undefined;
  /** where points, progress and checkpoints go; a stage's context is one. Metric `train/compiled` is 0 where steps run op by op, and a note says why */
  report: {
    metric(key: string, value: number, step: number): void;
    progress(done: number, total: number, note?: string, save?: () => Uint8Array): Promise<void>;
    /** gets the last state; without it none is made */
    checkpoint?: (bytes: Uint8Array) => Promise<void>;
    /** ms; without it no speed is logged */
    now?: () => number;
  };
}

/**
 * Trains for all epochs; the last parameters count, whatever came before. Going on from a checkpoint gives the same bits as never stopping.
 * @returns parameters [p]
 * @throws UserError where images do not fill a batch, a checkpoint is not of this training, or the loss becomes NaN or infinite
 */
export async function fit(options: FitOptions): Promise<Float32Array> {
  const { images, batchSize, accumulate = 1, optimiser: config, report } = options;
  const { updatesPerEpoch, updates } = planUpdates(images.length, options, options);
  const schedule = { peak: config.learningRate, steps: updates, warmup: config.warmupShare * updates };
  const optimiser = optimiserOf(config, options.sizes);
  const masks = { decay: tf.tensor1d(options.decay), rates: options.rates && tf.tensor1d(options.rates) };
  const learner: Learner = { ...masks, optimiser, accumulate, prepare: options.prepare, loss: options.loss, after: options.after };

  let state = startState(learner, options.initial, options.carried);
  let training: CompiledTraining | undefined;
  let [step, lossSum] = [0, 0];
  try {
    if (options.resume) ({ state, step, lossSum } = goOn(options.resume, state));
    let batches: Int32Array[] = [];
    let timed = { since: 0, updates: 0 };
    const last = Math.min(updates, (options.endAfter ?? Infinity) * updatesPerEpoch);
    let stopped = false;
    while (step < last && !stopped) {
      const [epoch, place] = [Math.floor(step / updatesPerEpoch), step % updatesPerEpoch];
      if (place === 0 || batches.length === 0) {
        batches = epochBatches(images, batchSize, options.order(epoch)).slice(0, updatesPerEpoch * accumulate);
        timed = { since: report.now?.() ?? 0, updates: 0 };
      }
      const { loss, norm } = update(batches, { step, epoch, batch: place * accumulate, batches: batches.length });
      lossSum += loss;
      report.metric("train/loss", loss, step);
      report.metric("train/learning_rate", learningRateAt(schedule, step), step);
      report.metric("train/gradient_norm", norm, step);
      if (step === 0) report.metric("train/compiled", training!.mode === "graph" ? 1 : 0, step);
      const why = step === 0 && training!.reason ? `, steps run op by op: ${training!.reason}` : "";
      step++;
      timed.updates++;
      if (step % updatesPerEpoch === 0) {
        const meanLoss = lossSum / updatesPerEpoch;
        report.metric("epoch/loss", meanLoss, epoch);
        const seconds = ((report.now?.() ?? 0) - timed.since) / 1000;
        if (seconds > 0) report.metric("train/images_per_second", (timed.updates * accumulate * batchSize) / seconds, epoch);
        lossSum = 0;
        stopped = (await options.afterEpoch?.({ epoch, flat: state.flat, meanLoss })) === "stop";
      }
      await report.progress(step, last, `loss ${loss.toFixed(3)}${why}`, () => encodeTraining(state, { step, lossSum }));
    }
    await report.checkpoint?.(encodeTraining(state, { step, lossSum }));
    return Float32Array.from(await state.flat.data());
  } finally {
    training?.dispose();
    disposeState(state);
    tf.dispose([masks.decay, ...(masks.rates ? [masks.rates] : [])]);
  }

  /** One update: a step for each of its batches. Mean loss, length of the mean gradient. */
  function update(batches: readonly Int32Array[], first: At): { loss: number; norm: number } {
    let [loss, norm] = [0, 0];
    for (let k = 0; k < accumulate; k++) {
      const at = { ...first, batch: first.batch + k };
      const result = oneStep(batches[at.batch], at, k === accumulate - 1);
      state = result.state;
      const value = result.loss.dataSync()[0];
      norm = result.gradientNorm.dataSync()[0];
      if (Number.isFinite(value)) options.observe?.(result.aux, at);
      tf.dispose([result.loss, result.gradientNorm, result.aux]);
      if (!Number.isFinite(value)) throw notFinite(value, at.step, batches[at.batch]);
      loss += value / accumulate;
    }
    return { loss, norm };
  }

  /** The first one compiles. */
  function oneStep(batch: Int32Array, { step: at, epoch }: At, completes: boolean): StepResult {
    const inputs = options.inputs(batch, epoch);
    try {
      const numbers = { learningRate: learningRateAt(schedule, at), scalars: options.scalars?.(at, updates), completes };
      training ??= compileTraining(learner, { state, inputs, numbers: { ...numbers, learningRate: schedule.peak, completes: true } });
      return training.step(state, inputs, numbers);
    } finally {
      tf.dispose(inputs);
    }
  }

  function goOn(stored: StoredCheckpoint, first: TrainState) {
    const { state: found, position } = decodeTraining(stored, first);
    disposeState(first);
    return { state: found, ...position };
  }

  function notFinite(value: number, at: number, batch: Int32Array): UserError {
    const shown = 8;
    const names = Array.from(batch.subarray(0, shown), (image) => options.nameOf?.(image) ?? String(image)).join(", ");
    const others = batch.length > shown ? ` and ${batch.length - shown} more` : "";
    return new UserError(
      `${options.task}: the loss became ${value} at step ${at}, on the images ${names}${others}; lower ${options.settings}.optimiser.learningRate (now ${config.learningRate}) or set ${options.settings}.optimiser.clipNorm`,
    );
  }
}
