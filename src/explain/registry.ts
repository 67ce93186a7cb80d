/** @file The attribution methods by name. A new one is a file in methods/, a schema member, and a line here. */
import type { AttributionConfig, AttributionName } from "../config/explain.ts";
import type { tf } from "../engine/tf.ts";
import type { Attribution, Classifier } from "./classifier.ts";
import { gradCam } from "./methods/grad-cam.ts";
import { integratedGradients } from "./methods/integrated-gradients.ts";

type ConfigOf<K extends AttributionName> = Extract<AttributionConfig, { name: K }>;

/** Explains the scores of images x [n, h, w, 1]; memory inside is bounded whatever its parameters. */
export type AttributionMethod<K extends AttributionName> = (classifier: Classifier, x: tf.Tensor4D, config: ConfigOf<K>) => Attribution;

export const attributionMethods: { [K in AttributionName]: AttributionMethod<K> } = {
  "grad-cam": gradCam,
  "integrated-gradients": integratedGradients,
};

/** Runs the method that `config` names. */
export function attribute<K extends AttributionName>(
  classifier: Classifier,
  x: tf.Tensor4D,
  config: { name: K } & ConfigOf<K>,
): Attribution {
  return attributionMethods[config.name](classifier, x, config);
}
