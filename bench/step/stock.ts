/**
 * @file The same SimCLR step from stock tfjs alone: tf.moments and tf.batchNorm, tf.relu, a variable per parameter,
 * tf.train.momentum. Blocks, widths, head and loss are ours; the stem is the usual 7 × 7 one with a max pool and the shortcuts are
 * 1 × 1 ("pool"), or the whole network is ours ("strided"), to tell the gain of the ops from that of the stem.
 */
import { tf } from "../../src/engine/tf.ts";
import { ntXent } from "../../src/losses/nt-xent.ts";
import { NORM_EPSILON } from "../../src/models/layers.ts";
import { EMBEDDING, LEARNING_RATE, MOMENTUM, TEMPERATURE, type Point, type Step } from "./setting.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/** @param stem "pool": 7 × 7 stem and max pool; "strided": 3 × 3 stem and a strided first block, as ours */
export function stockStep(views: tf.Tensor4D, { name, width }: Point, stem: "pool" | "strided"): Step {
  const variables: tf.Variable[] = [];
  const variable = <T extends tf.Tensor>(initial: T): T => {
    variables.push(tf.variable(initial));
    return variables.at(-1)! as unknown as T;
  };
  const weight = <R extends tf.Rank>(shape: tf.ShapeMap[R], fanIn: number) =>
    variable(tf.randomNormal<R>(shape, 0, Math.sqrt(2 / fanIn), "float32", variables.length + 1));
  const conv = (size: number, from: number, to: number, stride: number): Layer => {
    const kernel = weight<tf.Rank.R4>([size, size, from, to], size * size * from);
    const norm = batchNorm(to);
    return (x) => norm(tf.conv2d(x, kernel, stride, "same"));
  };
  const batchNorm = (channels: number): Layer => {
    const scale = variable(tf.ones([channels]) as tf.Tensor1D);
    const offset = variable(tf.zeros([channels]) as tf.Tensor1D);
    return (x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, NORM_EPSILON) as tf.Tensor4D;
    };
  };
  const block = (from: number, to: number, stride: number): Layer => {
    const [first, second] = [conv(3, from, to, stride), conv(3, to, to, 1)];
    const shortcut = stride > 1 || from !== to ? conv(1, from, to, stem === "pool" ? stride : 1) : undefined;
    const near: Layer = (x) => (stem === "strided" && stride > 1 ? tf.avgPool(x, 2, 2, "same") : x);
    return (x) => tf.relu(tf.add(second(tf.relu(first(x))), shortcut ? shortcut(near(x)) : x));
  };

  const first = stem === "pool" ? conv(7, 1, width, 2) : conv(3, 1, width, 2);
  const blocks = [0, 1, 2, 3].flatMap((stage) => {
    const to = width << stage;
    const strided = block(stage === 0 ? width : to / 2, to, stem === "pool" && stage === 0 ? 1 : 2);
    return name === "resnet10" ? [strided] : [strided, block(to, to, 1)];
  });
  const features = width << 3;
  const hidden = weight<tf.Rank.R2>([features, features], features);
  const hiddenNorm = batchNorm(features);
  const output = weight<tf.Rank.R2>([features, EMBEDDING], 2 * features);

  const loss = (): tf.Scalar => {
    const stemmed = tf.relu(first(views));
    const map = blocks.reduce((x, layer) => layer(x), stem === "pool" ? tf.maxPool(stemmed, 3, 2, "same") : stemmed);
    const h: tf.Tensor2D = tf.matMul(tf.mean(map, [1, 2]) as tf.Tensor2D, hidden);
    const normed = hiddenNorm(tf.reshape(h, [h.shape[0], 1, 1, features]));
    const z: tf.Tensor2D = tf.matMul(tf.relu(tf.reshape<tf.Rank.R2>(normed, [h.shape[0], features])), output);
    const [a, b] = tf.split(z, 2) as [tf.Tensor2D, tf.Tensor2D];
    return ntXent(a, b, TEMPERATURE);
  };
  const optimiser = tf.train.momentum(LEARNING_RATE, MOMENTUM);
  return { parameters: variables.reduce((sum, { size }) => sum + size, 0), run };

  function run(): number {
    const value = optimiser.minimize(loss, true, variables)!;
    const number = value.dataSync()[0];
    value.dispose();
    return number;
  }
}
