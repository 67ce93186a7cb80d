/**
 * @file Time of one fine-tuning step, from frames to updated weights: ours as a graph, beside the same op by op, or PyTorch channels-last.
 * `npm run bench -- finetune-step [--points lite0-64,lite0-96,…] [--against eager,pytorch] [--rounds 3]
 * [--threads 2] [--python <path>]`.
 * Each round starts a fresh process for each variant, the order turned round every time; a process warms up, then gives the median of its
 * steps. Printed: medians over rounds, and ratios within rounds. PyTorch is no dependency: name an interpreter that has it. On a machine
 * that is busy, processor times with one thread still compare; with more, PyTorch's threads burn time while they wait for each other.
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { EncoderConfig } from "../src/config/encoder.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { crossEntropy } from "../src/losses/cross-entropy.ts";
import { quantile } from "../src/metrics/quantile.ts";
import { classifierNetwork } from "../src/models/classifier-network.ts";
import { decayMask, initialise, unflatten } from "../src/models/network.ts";
import type { Learner } from "../src/optim/learner.ts";
import { sgd } from "../src/optim/sgd.ts";
import { compileTraining, startState, trainStep } from "../src/optim/train-step.ts";
import { rngOf } from "../src/util/rng.ts";

const [WARM_UP, STEPS, IMAGES, CLASSES] = [4, 12, 32, 2];
const SGD = { learningRate: 0.01, momentum: 0.9, weightDecay: 1e-3 };
/** Acceptance: how many times as fast as PyTorch our graph is, at least. */
const LIMIT = 1;

const median = (values: readonly number[]): number => quantile(values, 0.5);

type Point = EncoderConfig & { side: number };
const lite = (side: number, outputStride: EncoderConfig["outputStride"]): Point => ({
  ...{ name: "efficientnet-lite0", width: 16 },
  ...{ side, outputStride },
});
const resnet = (side: number, outputStride: EncoderConfig["outputStride"]): Point => ({
  ...{ name: "resnet10", width: 32 },
  ...{ side, outputStride },
});
const POINTS: Record<string, Point> = {
  "lite0-64": lite(64, 32),
  "lite0-64-s8": lite(64, 8),
  "lite0-96": lite(96, 32),
  "lite0-96-s8": lite(96, 8),
  "r10-64": resnet(64, 32),
  "r10-64-s8": resnet(64, 8),
};
const VARIANTS = {
  graph: "sonomark, the step as a graph",
  eager: "sonomark, op by op",
  pytorch: "PyTorch, the same network channels-last",
};
type Variant = keyof typeof VARIANTS;

interface Measured {
  milliseconds: number;
  /** Processor time of a step, all threads: less shaken by other work on the machine. */
  cpuMilliseconds: number;
  parameters: number;
  /** Most memory that the process held. */
  megabytes: number;
  engine: string;
}

/** In a process of its own: the median time of a step. */
async function measure(variant: Variant, { side, ...config }: Point, threads: number): Promise<Measured> {
  const { tensorflow } = await startEngine({ threads, engine: "cpu" });
  const network = classifierNetwork(config, CLASSES);
  const learner: Learner = {
    optimiser: sgd(SGD),
    decay: tf.tensor1d(decayMask(network.specs)),
    loss: (flat, [x, labels]) => ({
      loss: crossEntropy(network.logits(unflatten(flat, network.specs), x as tf.Tensor4D, { kind: "batch" }), labels as tf.Tensor1D),
    }),
  };
  const frames = tf.randomUniform<tf.Rank.R4>([IMAGES, side, side, 1], 0, 1, "float32", 1);
  const labels = tf.tensor1d(Int32Array.from({ length: IMAGES }, (_, i) => i % CLASSES), "int32"); // prettier-ignore
  const [inputs, numbers] = [[frames, labels], { learningRate: SGD.learningRate }];
  let state = startState(learner, initialise(network.specs, (name) => rngOf(1, name))); // prettier-ignore
  const parameters = state.flat.size;
  const compiled = variant === "graph" ? compileTraining(learner, { state, inputs, numbers }) : undefined;
  if (compiled && compiled.mode !== "graph") throw new Error(`the step has no graph: ${compiled.reason}`);
  const step = (): void => {
    const result = compiled ? compiled.step(state, inputs, numbers) : trainStep(learner, state, inputs, numbers);
    state = result.state;
    if (!Number.isFinite(result.loss.dataSync()[0])) throw new Error(`${variant}: the loss is not finite`);
    tf.dispose([result.loss, result.gradientNorm]);
  };
  for (let i = 0; i < WARM_UP; i++) step();
  const cpu = process.cpuUsage();
  const times = Array.from({ length: STEPS }, () => {
    const start = performance.now();
    step();
    return performance.now() - start;
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    milliseconds: median(times),
    cpuMilliseconds: (user + system) / 1000 / STEPS,
    parameters,
    megabytes: process.resourceUsage().maxRSS / 1024,
    engine: `TensorFlow ${tensorflow}`,
  };
}

interface Settings {
  rounds: number;
  threads: number;
  python: string;
}

function inFreshProcess(variant: Variant, point: string, { python, threads }: Settings): Measured {
  const run = (program: string, args: string[]) =>
    JSON.parse(execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })) as Measured;
  if (variant !== "pytorch")
    return run(process.execPath, [
      "--import",
      "tsx",
      fileURLToPath(import.meta.url),
      "--variant",
      variant,
      "--points",
      point,
      "--threads",
      `${threads}`,
    ]);
  const { outputStride, ...rest } = POINTS[point];
  const settings = { ...rest, "output-stride": outputStride, images: IMAGES, classes: CLASSES, threads, "warm-up": WARM_UP, steps: STEPS };
  const rates = { "learning-rate": SGD.learningRate, momentum: SGD.momentum, "weight-decay": SGD.weightDecay };
  return run(python, [
    join(import.meta.dirname, "pytorch/finetune_step.py"),
    ...Object.entries({ ...settings, ...rates }).flatMap(([key, value]) => [`--${key}`, `${value}`]),
  ]);
}

function compare(point: string, variants: readonly Variant[], settings: Settings): void {
  const { name, width, side, outputStride } = POINTS[point];
  const results = Array.from({ length: settings.rounds }, (_, round) => {
    const order = round % 2 === 0 ? variants : [...variants].reverse();
    return Object.fromEntries(order.map((variant) => [variant, inFreshProcess(variant, point, settings)]));
  });
  const of = (variant: Variant, key: "milliseconds" | "cpuMilliseconds" | "megabytes") => results.map((round) => round[variant][key]);
  console.log(`\n### ${name} width ${width}, output stride ${outputStride}, ${side} px, ${IMAGES} images\n`);
  console.log("| variant | images/s | ms a step | range | CPU ms | most memory, MiB | parameters |\n|---|---|---|---|---|---|---|");
  for (const variant of variants) {
    const times = of(variant, "milliseconds");
    const { parameters, engine } = results[0][variant];
    const cells = [
      `${VARIANTS[variant]} (${engine})`,
      ((1000 * IMAGES) / median(times)).toFixed(0),
      median(times).toFixed(1),
      `${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}`,
      median(of(variant, "cpuMilliseconds")).toFixed(1),
      median(of(variant, "megabytes")).toFixed(0),
      parameters,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  console.log();
  for (const variant of variants.filter((each) => each !== "graph")) {
    const ratio = (key: "milliseconds" | "cpuMilliseconds") =>
      median(of(variant, key).map((time, round) => time / of("graph", key)[round]));
    const limit = variant === "pytorch" ? `; limit ${LIMIT}: ${ratio("milliseconds") >= LIMIT ? "kept" : "missed"}` : "";
    console.log(
      `- graph is ${ratio("milliseconds").toFixed(2)} times as fast as ${variant}, by processor time ${ratio("cpuMilliseconds").toFixed(2)}${limit}`,
    );
  }
}

const { values: options } = parseArgs({
  options: {
    points: { type: "string", default: Object.keys(POINTS).join() },
    against: { type: "string", default: "eager" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    python: { type: "string", default: "python3" },
    variant: { type: "string" },
  },
});
const settings = {
  rounds: Math.max(1, Number(options.rounds) || 3),
  threads: Math.max(1, Number(options.threads) || 2),
  python: options.python,
};
const points = options.points.split(",");
const variants = ["graph", ...options.against.split(",").filter(Boolean)] as Variant[];
for (const [kind, known, got] of [
  ["points", POINTS, points],
  ["against", VARIANTS, variants],
] as const)
  // prettier-ignore
  for (const name of got)
    if (!(name in known)) throw new RangeError(`bench finetune-step: --${kind} must be of ${Object.keys(known).join(", ")}, got ${name}`);

if (options.variant) console.log(JSON.stringify(await measure(options.variant as Variant, POINTS[points[0]], settings.threads)));
else {
  console.log(
    `${cpus()[0].model}, ${settings.threads} threads, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`,
  );
  console.log("Loads above 0.5 before the start make wall times worthless: the machine must be idle.");
  for (const point of points) compare(point, variants, settings);
}
