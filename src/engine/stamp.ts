/** @file Which engine this machine's results come from, told without loading it. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** One line, part of every task's key: "tensorflow.js 4.22.0, native". */
export async function engineStamp(): Promise<string> {
  const path = createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json");
  const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
  return `tensorflow.js ${version}, ${process.env.SONOMARK_ENGINE ?? "native"}`;
}
