/**
 * @file Time of one SimCLR step: ours as a graph, beside the same op by op, stock tfjs, or PyTorch.
 * `npm run bench -- step [--points r10-64,r10-128,r18-128] [--against eager,stock,stock-strided,pytorch] [--rounds 5] [--python <path>]`.
 * Each round starts a fresh process for each variant, the order turned round every time; a process warms up, then gives the median of
 * its steps. Printed: median and range over rounds, and ratios within rounds. PyTorch is no dependency: name an interpreter that has it.
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { ourStep } from "./step/ours.ts";
import { EMBEDDING, LEARNING_RATE, MOMENTUM, POINTS, TEMPERATURE, type Point, type Step } from "./step/setting.ts";
import { stockStep } from "./step/stock.ts";

const WARM_UP = 5;
const STEPS = 15;
const THREADS = 2;
/** Acceptance: how many times as fast as a variant our graph is, at least. */
const LIMITS: Record<string, number> = { stock: 2.2, pytorch: 1.15 };

const OURS = "graph";
const variants: Record<string, { what: string; make?: (views: tf.Tensor4D, point: Point) => Step }> = {
  graph: { what: "sonomark, the step as a graph", make: (views, point) => ourStep(views, point, "graph") },
  eager: { what: "sonomark, op by op", make: (views, point) => ourStep(views, point, "eager") },
  stock: { what: "stock tfjs, 7 × 7 stem and max pool", make: (views, point) => stockStep(views, point, "pool") },
  "stock-strided": { what: "stock tfjs on our strided network", make: (views, point) => stockStep(views, point, "strided") },
  pytorch: { what: "PyTorch, the same network channels-last" },
};

interface Measured {
  milliseconds: number;
  /** Processor time of a step, all threads: less shaken by other work on the machine. */
  cpuMilliseconds: number;
  parameters: number;
  /** Most memory that the process held. */
  megabytes: number;
  leaked: number;
  engine: string;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** In a process of its own: the median time of a step. */
async function measure(name: string, point: Point): Promise<Measured> {
  const { tensorflow } = await startEngine({ threads: THREADS, engine: "cpu" });
  const views = tf.randomUniform<tf.Rank.R4>([2 * point.images, point.side, point.side, 1], 0, 1, "float32", 1);
  const step = variants[name].make!(views, point);
  for (let i = 0; i < WARM_UP; i++) step.run();
  const tensors = tf.memory().numTensors;
  const cpu = process.cpuUsage();
  const times = Array.from({ length: STEPS }, () => {
    const start = performance.now();
    if (!Number.isFinite(step.run())) throw new Error(`${name}: the loss is not finite`);
    return performance.now() - start;
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    milliseconds: median(times),
    cpuMilliseconds: (user + system) / 1000 / STEPS,
    parameters: step.parameters,
    megabytes: process.resourceUsage().maxRSS / 1024,
    leaked: tf.memory().numTensors - tensors,
    engine: `TensorFlow ${tensorflow}`,
  };
}

function inFreshProcess(name: string, pointName: string, python: string): Measured {
  const run = (program: string, args: string[]) =>
    JSON.parse(execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })) as Measured;
  if (name !== "pytorch")
    return run(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--variant", name, "--points", pointName]);
  const shared = { threads: THREADS, "warm-up": WARM_UP, steps: STEPS, embedding: EMBEDDING, temperature: TEMPERATURE };
  const settings = { ...POINTS[pointName], ...shared, "learning-rate": LEARNING_RATE, momentum: MOMENTUM };
  return run(python, [
    join(import.meta.dirname, "pytorch/step.py"),
    ...Object.entries(settings).flatMap(([key, value]) => [`--${key}`, `${value}`]),
  ]);
}

function compare(pointName: string, names: readonly string[], rounds: number, python: string): void {
  const { name: network, width, side, images } = POINTS[pointName];
  const results = Array.from({ length: rounds }, (_, round) => {
    const order = round % 2 === 0 ? names : [...names].reverse();
    return Object.fromEntries(order.map((name) => [name, inFreshProcess(name, pointName, python)]));
  });
  const of = (name: string, key: "milliseconds" | "cpuMilliseconds" | "megabytes") => results.map((round) => round[name][key]);
  console.log(`\n### ${network} width ${width}, ${side} px, ${images} images (${2 * images} views)\n`);
  console.log("| variant | images/s | ms a step | range | CPU ms | most memory, MiB | parameters | tensors left a run |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const name of names) {
    const times = of(name, "milliseconds");
    const { parameters, leaked, engine } = results[0][name];
    const range = `${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}`;
    const speed = [
      ((1000 * images) / median(times)).toFixed(0),
      median(times).toFixed(1),
      range,
      median(of(name, "cpuMilliseconds")).toFixed(1),
    ];
    console.log(
      `| ${[`${variants[name].what} (${engine})`, ...speed, median(of(name, "megabytes")).toFixed(0), parameters, leaked].join(" | ")} |`,
    );
  }
  console.log();
  for (const name of names.filter((each) => each !== OURS)) {
    const ratios = (key: "milliseconds" | "cpuMilliseconds") => of(name, key).map((time, round) => time / of(OURS, key)[round]);
    const wall = ratios("milliseconds");
    const spread = `${Math.min(...wall).toFixed(2)}–${Math.max(...wall).toFixed(2)}, ${rounds} rounds`;
    const limit = name in LIMITS ? `; limit ${LIMITS[name]}: ${median(wall) >= LIMITS[name] ? "kept" : "missed"}` : "";
    const byCpu = median(ratios("cpuMilliseconds")).toFixed(2);
    console.log(`- ${OURS} is ${median(wall).toFixed(2)} times as fast as ${name} (${spread}), by processor time ${byCpu}${limit}`);
  }
}

const { values: options } = parseArgs({
  options: {
    points: { type: "string", default: Object.keys(POINTS).join() },
    against: { type: "string", default: "eager" },
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "python3" },
    variant: { type: "string" },
  },
});
const [points, names] = [options.points.split(","), [OURS, ...options.against.split(",")]];
for (const [kind, known, got] of [
  ["points", POINTS, points],
  ["against", variants, names],
] as const)
  for (const name of got)
    if (!(name in known)) throw new RangeError(`bench step: --${kind} must be of ${Object.keys(known).join(", ")}, got ${name}`);

if (options.variant) console.log(JSON.stringify(await measure(options.variant, POINTS[points[0]])));
else {
  console.log(`${cpus()[0].model}, ${THREADS} threads, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`);
  console.log("Loads above 0.5 before the start make wall times worthless: the machine must be idle.");
  for (const point of points) compare(point, names, Math.max(1, Number(options.rounds) || 5), options.python);
}
