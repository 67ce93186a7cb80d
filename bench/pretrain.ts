/**
 * @file Pretraining end to end, augmentation included, on real images: sonomark beside lightly as documented, beside a careful user of PyTorch, and
 * beside the fastest PyTorch that we could write. `npm run bench -- pretrain --data <BUSI folder> --python <interpreter> [--points r10-64,r10-128]
 * [--against lightly,careful,best] [--rounds 3] [--growth]`. Protocol as in bench/step.ts; time is the mean of all steps after a warm-up, since
 * loaders prepare ahead. `--growth` prints our cost against batch, size and width.
 * What differs: lightly's views are colour images of which one channel is trained on, and its jitter also changes contrast, saturation and hue, of
 * which a grey image shows the first; ours draws gain and gamma instead of brightness and contrast, as "best" does. lightly decodes and crops the
 * files at their own size, the others crop frames of the training size. All crop to 0.08–1 of the area, flip and blur.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../src/metrics/moments.ts";
import { pretrainOurs, type Measured, type Setting } from "./pretrain/ours.ts";
import { EMBEDDING, LEARNING_RATE, MOMENTUM, POINTS, TEMPERATURE } from "./step/setting.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";

const WARM_UP = 10;
const STEPS = 30;
const THREADS = 2;
const OURS = "sonomark";
const WHAT: Record<string, string> = {
  [OURS]: "sonomark, the whole step as a graph",
  lightly: "lightly as its documentation shows it (PIL, best number of workers)",
  careful: "careful user of PyTorch (decoded once, torchvision v2 on tensors, best number of workers)",
  best: "the best we could write in PyTorch (whole batch, one affine grid)",
};
/** How many times as fast as a variant we are, at least. */
const LIMITS: Record<string, Record<string, number>> = {
  lightly: { "r10-64": 3, "r10-128": 2 },
  careful: { "r10-64": 1.3, "r10-128": 1.3 },
};
const AIMS: Record<string, number> = { careful: 1.7, best: 1.2 };

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "data/Dataset_BUSI_with_GT" },
    points: { type: "string", default: "r10-64,r10-128" },
    against: { type: "string", default: "lightly,careful,best" },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: "python3" },
    growth: { type: "boolean", default: false },
    setting: { type: "string" },
  },
});
const [points, against] = [options.points.split(","), options.against.split(",")];
const rounds = Number(options.rounds);
const data = options.data.replace(/^busi:/, "");
const shared = { embedding: EMBEDDING, temperature: TEMPERATURE, learningRate: LEARNING_RATE, momentum: MOMENTUM, threads: THREADS };
const settingOf = (over: Partial<Setting>): Setting => ({
  data: `busi:${data}`,
  ...POINTS["r10-64"],
  ...shared,
  warmUp: WARM_UP,
  steps: STEPS,
  ...over,
});

/** What a program prints; what it says of its troubles is heard only where it fails. */
function quietly(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr : "";
    throw new UserError(`${program} failed: ${said.trim().split("\n").at(-1) || messageOf(error)}`);
  }
}

function inFreshProcess(variant: string, setting: Setting): Measured {
  const run = (program: string, args: string[]) => JSON.parse(quietly(program, args)) as Measured;
  if (variant === OURS)
    return run(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--setting", JSON.stringify(setting)]);
  const args = Object.entries({ ...setting, data }).flatMap(([key, value]) => [
    `--${key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`,
    `${value}`,
  ]);
  return run(options.python, [join(import.meta.dirname, "pytorch/pretrain.py"), "--variant", variant, ...args]);
}

function compare(point: string, variants: readonly string[]): void {
  const setting = settingOf(POINTS[point]);
  const results = Array.from({ length: rounds }, (_, round) => {
    const order = round % 2 === 0 ? variants : [...variants].reverse();
    return Object.fromEntries(order.map((variant) => [variant, inFreshProcess(variant, setting)]));
  });
  const of = (variant: string, key: "milliseconds" | "cpuMilliseconds" | "megabytes") => results.map((round) => round[variant][key]);
  console.log(`\n### ${setting.name} width ${setting.width}, ${setting.side} px, batches of ${setting.images} images\n`);
  console.log("| variant | images/s | ms a step | range | CPU ms | most memory, MiB |\n|---|---|---|---|---|---|");
  for (const variant of variants) {
    const times = of(variant, "milliseconds");
    const { engine, note } = results[0][variant];
    const range = `${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}`;
    const cells = [
      `${WHAT[variant]} (${[engine, note].filter(Boolean).join("; ")})`,
      ((1000 * setting.images) / median(times)).toFixed(0),
      median(times).toFixed(1),
      range,
      median(of(variant, "cpuMilliseconds")).toFixed(1),
      median(of(variant, "megabytes")).toFixed(0),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  console.log();
  for (const variant of variants.filter((each) => each !== OURS)) {
    const ratiosOf = (key: "milliseconds" | "cpuMilliseconds") => of(variant, key).map((time, round) => time / of(OURS, key)[round]);
    const ratios = ratiosOf("milliseconds");
    const ratio = median(ratios);
    const judged = [
      ...(LIMITS[variant]?.[point] ? [`limit ${LIMITS[variant][point]}: ${ratio >= LIMITS[variant][point] ? "kept" : "missed"}`] : []),
      ...(AIMS[variant] ? [`aim ${AIMS[variant]}: ${ratio >= AIMS[variant] ? "reached" : "not reached"}`] : []),
    ];
    const byCpu = median(ratiosOf("cpuMilliseconds")).toFixed(2);
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}, ${rounds} rounds`;
    console.log(
      `- sonomark is ${ratio.toFixed(2)} times as fast as ${variant} (${spread}), by processor time ${byCpu}${judged.map((each) => `; ${each}`).join("")}`,
    );
  }
}

function growth(): void {
  console.log("\n### Our cost by batch, size and width (resnet10; 64 images of 64 px, width 32, where nothing else is said)\n");
  console.log("| varied | images/s | ms a step | most memory, MiB |\n|---|---|---|---|");
  const rows: [string, Partial<Setting>][] = [
    ...[16, 32, 64, 128].map((images): [string, Partial<Setting>] => [`batch ${images}`, { images }]),
    ...([32, 64, 96, 128] as const).map((side): [string, Partial<Setting>] => [`${side} px`, { side }]),
    ...[8, 16, 32].map((width): [string, Partial<Setting>] => [`width ${width}`, { width }]),
  ];
  for (const [what, over] of rows) {
    const setting = settingOf(over);
    const { milliseconds, megabytes } = inFreshProcess(OURS, setting);
    console.log(
      `| ${[what, ((1000 * setting.images) / milliseconds).toFixed(0), milliseconds.toFixed(1), megabytes.toFixed(0)].join(" | ")} |`,
    );
  }
}

function check(): void {
  const lists: [string, readonly string[], readonly string[]][] = [
    ["points", points, Object.keys(POINTS)],
    ["against", against, Object.keys(WHAT).filter((variant) => variant !== OURS)],
  ];
  for (const [option, got, known] of lists)
    for (const name of got) if (!known.includes(name)) throw new UserError(`--${option} names ${name}: choose of ${known.join(", ")}`);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UserError(`--rounds is ${options.rounds}: give a whole number of at least 1`);
  if (!existsSync(join(data, "benign"))) throw new UserError(`--data is ${data}, which has no folder "benign": give BUSI's folder`);
  if (!options.growth) quietly(options.python, ["-c", "import torch, torchvision, lightly"]);
}

try {
  if (options.setting) console.log(JSON.stringify(await pretrainOurs(JSON.parse(options.setting) as Setting)));
  else {
    check();
    console.log(`${cpus()[0].model}, ${THREADS} threads, Node ${process.versions.node}; load before the start ${loadavg()[0].toFixed(2)}`);
    console.log("Loads above 0.5 before the start make wall times worthless, and a busy machine slows PyTorch most: it must be idle.");
    if (options.growth) growth();
    else for (const point of points) compare(point, [OURS, ...against]);
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`bench pretrain: ${error.message}`);
  process.exitCode = 1;
}
