/**
 * @file How long the set-up takes: with empty caches, again, and in a second clone that shares the caches.
 * Limits: 90 s and 3 s. `--rounds n` (1): each round begins with empty caches. The network's share is in it.
 */
import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment, folder, makeClone, setUp } from "./setup/clone.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "1" } } });
/** Seconds by what was measured. */
const seconds = { "first, caches empty": [], "second, nothing to do": [], "another clone, caches filled": [] };
const steps = {};

for (let round = 0; round < Number(values.rounds); round++) {
  const env = environment("caches");
  const [one, two] = [makeClone("one"), makeClone("two")];
  for (const [what, clone] of [
    ["first, caches empty", one],
    ["second, nothing to do", one],
    ["another clone, caches filled", two],
  ]) {
    // prettier-ignore
    const { code, stdout, stderr, seconds: taken } = await setUp(clone, env);
    if (code !== 0) {
      console.error(stderr);
      process.exit(1);
    }
    seconds[what].push(taken);
    if (what.startsWith("first")) for (const step of JSON.parse(stdout).steps) (steps[step.name] ??= []).push(step.seconds);
  }
  for (const name of ["caches", "one", "two"]) rmSync(join(folder, name), { recursive: true });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const row = (name, numbers, limit) =>
  console.log(
    `| ${name} | ${median(numbers).toFixed(1)} | ${Math.min(...numbers).toFixed(1)}–${Math.max(...numbers).toFixed(1)} | ${limit} |`,
  );

console.log(`Set-up, ${values.rounds} rounds, ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.versions.node}\n`);
console.log("| set-up | median s | range s | limit s |\n|---|---|---|---|");
const limits = [90, 3, ""];
Object.entries(seconds).forEach(([what, numbers], i) => row(what, numbers, limits[i]));
for (const [name, numbers] of Object.entries(steps)) row(`first: ${name} (packages and TensorFlow run side by side)`, numbers, "");
process.exitCode = Object.values(seconds).some((numbers, i) => limits[i] && median(numbers) > limits[i]) ? 1 : 0;
