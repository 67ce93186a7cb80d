/** @file Which engine this machine gets. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { SetupProblem } from "./problem.mjs";

/** @typedef {{ bytes: number, unpacked: number, tags: string[], wheels: Record<string, string> }} Wheels sizes in bytes; wheel → sha256 */
/** @typedef {{ name: string, engine: "cpu" | "gpu", wheels: Wheels, note?: string }} Variant */

/** @type {{ tensorflow: string, platforms: Record<string, Wheels> }} */
export const pins = JSON.parse(readFileSync(new URL("../pins.json", import.meta.url), "utf8"));

/** What decides: `glibc` is its version, undefined under musl; `card` tells of an NVIDIA card. */
export function machine() {
  Object.assign(process.report, { excludeNetwork: true }); // spares the look-up of host names
  const header = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport()).header;
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime, card: hasCard() };
}

/** An NVIDIA card whose driver answers; the driver's folder is asked first, as nvidia-smi can take a second. */
function hasCard() {
  try {
    if (readdirSync("/proc/driver/nvidia/gpus").length > 0) return true;
  } catch {
    // no driver of the usual kind; under WSL only nvidia-smi tells
  }
  return /^GPU \d/m.test(spawnSync("nvidia-smi", ["-L"], { encoding: "utf8", timeout: 10_000 }).stdout ?? "");
}

/**
 * `SONOMARK_ENGINE`, read.
 * @param {string | undefined} word
 * @returns {"cpu" | "gpu" | "wasm" | undefined}
 */
export function askedEngine(word) {
  if (!word) return undefined;
  if (word === "cpu" || word === "gpu" || word === "wasm") return word;
  throw new SetupProblem(`SONOMARK_ENGINE is "${word}": set it to cpu, gpu or wasm, or unset it`);
}

/**
 * The wheels for this machine.
 * @param {"cpu" | "gpu" | undefined} asked
 * @param {{ platform: string, arch: string, glibc: string | undefined, card: boolean }} here
 * @returns {Variant}
 */
export function chooseVariant(asked, { platform, arch, glibc, card }) {
  const cure = "use Linux with glibc on x86-64 or arm64 (on Windows: WSL)";
  if (platform !== "linux") throw new SetupProblem(`The native engine has no build for ${platform}: ${cure}`, { native: true });
  if (!glibc) throw new SetupProblem(`TensorFlow has no wheel for musl, the C library of this Linux: ${cure}`, { native: true });
  if (versionOf(glibc) < versionOf("2.27"))
    throw new SetupProblem(`TensorFlow needs glibc 2.27 or newer, and this Linux has ${glibc}: use a newer one`, { native: true });
  if (asked === "gpu" && !card)
    throw new SetupProblem(
      "SONOMARK_ENGINE is gpu, but no NVIDIA card with a running driver is here: check nvidia-smi, or unset SONOMARK_ENGINE",
    );
  const cpu = `${platform}-${arch}-cpu`;
  const gpu = `${platform}-${arch}-gpu`;
  if (!pins.platforms[cpu]) throw new SetupProblem(`TensorFlow has no wheel for Linux on ${arch}: ${cure}`, { native: true });
  const noGpuWheel = `TensorFlow has no CUDA wheel for Linux on ${arch}`;
  if (asked === "gpu" && !pins.platforms[gpu]) throw new SetupProblem(`${noGpuWheel}: unset SONOMARK_ENGINE to use the CPU`);
  if (asked !== "cpu" && card && pins.platforms[gpu]) return { name: gpu, engine: "gpu", wheels: pins.platforms[gpu] };
  const note = asked !== "cpu" && card ? `${noGpuWheel}, so the card stays unused` : undefined;
  return { name: cpu, engine: "cpu", wheels: pins.platforms[cpu], note };
}

/** 2.36 → 2036, so that versions compare as numbers. */
const versionOf = (/** @type {string} */ text) => {
  const [major, minor] = text.split(".").map(Number);
  return major * 1000 + minor;
};
