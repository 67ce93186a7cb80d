/** @file Trains a method on some frames: its views, its loss and what follows it, as one recorded step. */
import { makeAugmenter, type AugmenterKey, type AugmentFrames } from "../src/augment/augmenter.ts";
import type { ViewConfig } from "../src/config/augment.ts";
import type { PretrainConfig } from "../src/config/pretrain.ts";
import { tf } from "../src/engine/tf.ts";
import type { Encoder } from "../src/models/encoder.ts";
import { decayMask, initialise, sizesOf, unflatten } from "../src/models/network.ts";
import { planUpdates } from "../src/optim/batches.ts";
import { fit, type FitOptions } from "../src/optim/fit.ts";
import type { Rng } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";
import type { Method } from "./method.ts";
import { methodOf } from "./registry.ts";

/** What a method is trained on, and who is told. */
export interface MethodTraining extends Pick<FitOptions, "task" | "images" | "nameOf" | "observe" | "afterEpoch" | "resume" | "report"> {
  /** of the views, and the name of their stream; the task's where absent */
  seed: number;
  stream?: string;
  /** of everything else: first parameters, order */
  random(...names: (string | number)[]): Rng;
  frames: AugmentFrames;
  /** index of each frame's group */
  groups: Int32Array;
  /** {@link AugmenterKey.sourceOf}, for positives from another image */
  sourceOf?: AugmenterKey["sourceOf"];
}

/**
 * The method of a config, sized for so many images of `size` pixels a side.
 * @throws UserError where the config cannot be trained on them
 */
export function methodFor(config: PretrainConfig, encoder: Encoder, of: { task: string; images: number; size: number }): Method {
  const { updatesPerEpoch } = planUpdates(of.images, config, { task: of.task, settings: "pretrain" });
  const method = methodOf(config.method, encoder, { images: of.images, batchSize: config.batchSize, updatesPerEpoch });
  checkViews(config, method);
  checkCrops(config, of.size);
  return method;
}

/** @returns parameters [p], the encoder's first. @throws UserError where the config cannot be trained on these images */
export async function trainMethod(config: PretrainConfig, encoder: Encoder, training: MethodTraining): Promise<Float32Array> {
  const { task, stream = task, seed, random, images, frames, groups, sourceOf } = training;
  const method = methodFor(config, encoder, { task, images: images.length, size: frames.size });
  const key = { seed, stream, views: method.viewsPerImage, sourceOf };
  const augmenter = makeAugmenter(config.augment, frames, key);
  try {
    const initial = initialise(method.specs, (parameter) => random("initial", parameter));
    return await fit({
      ...training,
      ...config,
      settings: "pretrain",
      initial,
      sizes: sizesOf(method.specs),
      decay: decayMask(method.specs),
      ...learnerOf(method),
      carried: method.carried?.(initial, (name) => random("carried", name)) ?? {},
      order: (epoch) => random("order", epoch),
      inputs: (batch, epoch) => [
        tf.tensor1d(
          Int32Array.from(batch, (image) => groups[image]),
          "int32",
        ),
        ...augmenter.inputs(batch, epoch),
      ],
      prepare: ([of, ...rest]) => [of, ...augmenter.apply(rest)],
    });
  } finally {
    augmenter.dispose();
  }
}

/** The method as the training loop takes it. */
export function learnerOf(method: Method): Pick<FitOptions, "loss" | "after" | "scalars"> {
  return {
    loss(flat, [groups, ...views], beside) {
      const params = unflatten(flat, method.specs);
      const { loss, embeddings, aux } = method.loss({ ...beside, params, views: views as tf.Tensor4D[], groups: groups as tf.Tensor1D });
      return { loss, aux: { embeddings, ...aux } };
    },
    ...(method.after ? { after: method.after.bind(method) } : {}),
    ...(method.scalars ? { scalars: method.scalars.bind(method) } : {}),
  };
}

function checkViews({ method: { name }, augment }: PretrainConfig, { localViews }: Method): void {
  if (augment.local.count > 0 && !localViews)
    throw new UserError(
      `pretrain.augment.local.count is ${augment.local.count}, and ${name} takes no local views: set it to 0, or pretrain.method.name to swav`,
    );
}

/** Pixels that a crop's shorter side has at least: a view of less shows nothing. */
const LEAST_CROP = 2;

function checkCrops({ augment }: PretrainConfig, size: number): void {
  const { local, perView } = augment;
  const settings: [path: string, view: Partial<ViewConfig>][] = [
    ["", augment],
    ...perView.map((view, v): [string, Partial<ViewConfig>] => [`perView.${v}.`, view]),
    ...(local.count > 0 ? [["local.settings.", local.settings] satisfies [string, Partial<ViewConfig>]] : []),
  ];
  for (const [path, view] of settings) {
    const { cropScale = augment.cropScale, cropAspect = augment.cropAspect } = view;
    const side = size * Math.sqrt(cropScale[0] * Math.min(cropAspect[0], 1 / cropAspect[1]));
    if (side < LEAST_CROP)
      throw new UserError(
        `pretrain.augment.${path}cropScale starts at ${cropScale[0]}, which leaves ${side.toFixed(1)} of ${size} pixels: start at ${((LEAST_CROP / side) ** 2 * cropScale[0]).toPrecision(2)} or more`,
      );
  }
}
