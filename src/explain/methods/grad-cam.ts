/**
 * @file Grad-CAM: channels of the last feature map, weighted by how the score changes with their mean.
 * Reference: Selvaraju et al. 2017, arXiv 1610.02391, eq. 1 and 2. The paper clips the map at zero and upsamples it; here it stays
 * raw and signed on its own grid, so that maps of different images can be compared and evidence against the class is kept.
 */
import type { GradCamConfig } from "../../config/explain.ts";
import { tf } from "../../engine/tf.ts";
import type { Attribution, Classifier } from "../classifier.ts";

/** `L[i, j] = Σ_c mean_ij(dS/dA[i, j, c]) · A[i, j, c]`. @param x images [n, h, w, 1] */
export function gradCam(classifier: Classifier, x: tf.Tensor4D, _config: GradCamConfig): Attribution {
  const map = tf.tidy(() => {
    const features = classifier.featureMap(x); // [n, h', w', c]
    const gradient = tf.grad((a) => classifier.scoreOfMap(a as tf.Tensor4D).sum())(features); // images do not mix: row n is image n's own gradient
    const weights = gradient.mean([1, 2], true); // [n, 1, 1, c]
    return features.mul(weights).sum<tf.Tensor3D>(3); // [n, h', w']
  });
  try {
    const [n, rows, columns] = map.shape;
    return { values: map.dataSync<"float32">(), n, rows, columns };
  } finally {
    map.dispose();
  }
}
