/**
 * @file Time of one SimCLR step, ours beside stock tfjs: ResNet-10 width 32, 64 px, 32 images (64 views), output stride 32.
 * `npm run bench -- step [rounds]`. Each round starts a fresh process for each variant, the order turned round every time;
 * a process warms up, then gives the median of its steps. Printed: median and range over rounds, and ratios within rounds.
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { ourStep } from "./step/ours.ts";
import { IMAGES, SIDE, type Step } from "./step/setting.ts";
import { stockStep } from "./step/stock.ts";

const WARM_UP = 5;
const STEPS = 15;
const THREADS = 2;
/** Acceptance: our step takes at most this share of the stock one. */
const LIMIT = 0.45;

const variants: Record<string, { what: string; make: (views: tf.Tensor4D) => Step }> = {
  ours: { what: "sonomark: native batch norm and rectifier, strided stem, flat optimiser", make: ourStep },
  stock: { what: "stock tfjs, 7 × 7 stem and max pool", make: (views) => stockStep(views, "pool") },
  "stock-strided": { what: "stock tfjs on our strided network", make: (views) => stockStep(views, "strided") },
};

interface Measured {
  milliseconds: number;
  /** Processor time of a step, all threads: less shaken by other work on the machine. */
  cpuMilliseconds: number;
  parameters: number;
  leaked: number;
  tensorflow: string | null;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** In a process of its own: the median time of a step. */
async function measure(name: string): Promise<Measured> {
  const { tensorflow } = await startEngine({ threads: THREADS, engine: "cpu" });
  const step = variants[name].make(tf.randomUniform([2 * IMAGES, SIDE, SIDE, 1], 0, 1, "float32", 1));
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
    leaked: tf.memory().numTensors - tensors,
    tensorflow,
  };
}

function inFreshProcess(name: string): Measured {
  const output = execFileSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--variant", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output) as Measured;
}

function compare(rounds: number): void {
  const names = Object.keys(variants);
  console.log(`${cpus()[0].model}, ${THREADS} threads, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`);
  const results = Array.from({ length: rounds }, (_, round) => {
    const order = round % 2 === 0 ? names : [...names].reverse();
    return Object.fromEntries(order.map((name) => [name, inFreshProcess(name)]));
  });
  const of = (name: string, key: "milliseconds" | "cpuMilliseconds") => results.map((round) => round[name][key]);
  console.log("\n| variant | ms a step | range | CPU ms | images/s | parameters | tensors left a run |\n|---|---|---|---|---|---|---|");
  for (const name of names) {
    const times = of(name, "milliseconds");
    const { parameters, leaked } = results[0][name];
    const range = `${Math.min(...times).toFixed(1)}–${Math.max(...times).toFixed(1)}`;
    const cells = [variants[name].what, median(times).toFixed(1), range, median(of(name, "cpuMilliseconds")).toFixed(1)];
    console.log(`| ${[...cells, ((1000 * IMAGES) / median(times)).toFixed(0), parameters, leaked].join(" | ")} |`);
  }
  for (const name of names.slice(1)) {
    const ratios = (key: "milliseconds" | "cpuMilliseconds") => of(name, key).map((time, round) => of("ours", key)[round] / time);
    const wall = ratios("milliseconds");
    const spread = `${Math.min(...wall).toFixed(3)}–${Math.max(...wall).toFixed(3)}, ${rounds} rounds`;
    console.log(
      `\nours / ${name}: ${median(wall).toFixed(3)} (${spread}); by processor time ${median(ratios("cpuMilliseconds")).toFixed(3)}`,
    );
    if (name === "stock") console.log(`limit ${LIMIT}: ${median(wall) <= LIMIT ? "kept" : "missed"}`);
  }
  console.log(
    `\nTensorFlow ${results[0].ours.tensorflow}. Loads above 0.5 before the start make wall times worthless: the machine must be idle.`,
  );
}

const [option, value] = process.argv.slice(2);
if (option === "--variant") console.log(JSON.stringify(await measure(value)));
else compare(Math.max(5, Number(option ?? 7) || 7));
