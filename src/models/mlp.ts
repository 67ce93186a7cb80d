/**
 * @file The heads of self-supervised methods: linear layers with batch norm and rectifier in between. Thrown away after pretraining.
 *
 * | head | settings |
 * |---|---|
 * | SimCLR (Chen et al. 2020, arXiv 2002.05709, §2.1, with batch norm on the hidden layer as in their code) | the defaults |
 * | MoCo v2 (Chen et al. 2020, arXiv 2003.04297, §3) | `norm: false, bias: true` |
 * | BYOL projector and predictor (Grill et al. 2020, arXiv 2006.07733, §3.3) | the defaults |
 * | SimSiam projector (Chen & He 2021, arXiv 2011.10566, §3; last norm not affine as in their code) | `layers: 3, lastNorm: "plain"` |
 * | SimSiam predictor (ibid.) | `bias: true` |
 * | Barlow Twins, VICReg (Zbontar et al. 2021, arXiv 2103.03230, §3; Bardes et al. 2022, arXiv 2105.04906, §4) | `layers: 3` |
 * | SwAV (Caron et al. 2020, arXiv 2006.09882, code) | `bias: true`, then `prototypes` |
 */
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";
import { linear, linearParams, norm, normParams, type LinearSpec, type NormSpec } from "./layers.ts";
import type { NormMode, Params, ParamSpec } from "./network.ts";

/** A head that maps pooled features to embeddings. */
export interface Head {
  readonly specs: readonly ParamSpec[];
  readonly norms: readonly NormSpec[];
  /** x [n, from] → embeddings [n, to], not normalised. */
  apply(params: Params, x: tf.Tensor2D, mode: NormMode): tf.Tensor2D;
}

export interface MlpOptions {
  from: number;
  hidden: number;
  to: number;
  /** Linear layers, 1 to 4. */
  layers?: number;
  /** Batch norm after every hidden layer. */
  norm?: boolean;
  /** Batch norm after the last layer: none, with scale and offset, or without (plain). */
  lastNorm?: "none" | "affine" | "plain";
  /** Biases of the layers that no norm follows; a norm would take them away again. */
  bias?: boolean;
  /** What its parameters' names start with. */
  name?: string;
}

const ORDINALS = ["first", "second", "third", "fourth"];

interface Layer {
  linear: LinearSpec;
  norm?: NormSpec;
}

/** Linear layers from → hidden → … → to; all but the last are rectified. */
export function mlp(options: MlpOptions): Head {
  const layers = planLayers(options);
  const last = layers.length - 1;
  return {
    specs: layers.flatMap((layer) => [...linearParams(layer.linear), ...(layer.norm ? normParams(layer.norm) : [])]),
    norms: layers.flatMap((layer) => layer.norm ?? []),
    apply: (params, x, mode) =>
      tf.tidy(() =>
        layers.reduce((input, layer, i) => {
          let y = linear(params, layer.linear, input);
          if (layer.norm) y = normRows(params, layer.norm, y, mode);
          return i < last ? relu(y) : y;
        }, x),
      ),
  };
}

function planLayers({ from, hidden, to, layers = 2, norm = true, lastNorm = "none", bias = false, name = "mlp" }: MlpOptions): Layer[] {
  if (!Number.isInteger(layers) || layers < 1 || layers > ORDINALS.length)
    throw new RangeError(`mlp: layers must be a whole number from 1 to ${ORDINALS.length}, got ${layers}`);
  return ORDINALS.slice(0, layers).map((ordinal, i) => {
    const isLast = i === layers - 1;
    const normed = isLast ? lastNorm !== "none" : norm;
    const inputs = i === 0 ? from : hidden;
    const outputs = isLast ? to : hidden;
    // by fan-in; twice the variance where a rectifier halves it (He et al. 2015, arXiv 1502.01852, eq. 10)
    const deviation = Math.sqrt((isLast ? 1 : 2) / inputs);
    const spec: LinearSpec = { name: `${name}.${ordinal}`, from: inputs, to: outputs, bias: bias && !normed, deviation };
    if (!normed) return { linear: spec };
    const affine = isLast && lastNorm === "plain" ? { affine: false as const } : {};
    return { linear: spec, norm: { name: `${spec.name}.norm`, channels: outputs, ...affine } };
  });
}

/** Batch norm of x [n, c]; a norm reads [n, h, w, c]. */
function normRows(params: Params, spec: NormSpec, x: tf.Tensor2D, mode: NormMode): tf.Tensor2D {
  const grid = tf.reshape<tf.Rank.R4>(x, [x.shape[0], 1, 1, spec.channels]);
  return tf.reshape<tf.Rank.R2>(norm(params, spec, grid, mode), [x.shape[0], spec.channels]);
}
