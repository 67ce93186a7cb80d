/** @file Which engine this machine's results come from, told without loading it. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readIfThere } from "../util/files.ts";

const require = createRequire(import.meta.url);

/** The library that set-up linked the binding against stands in its search path: "tensorflow-2.21.0-linux-x64-cpu-…". */
const LIBRARY = /tensorflow-(\d[\d.]*)-(\w+-\w+-[cg]pu)-/;

/** One line, part of every task's key: "tfjs 4.22.0, TensorFlow 2.21.0, linux-x64-cpu". */
export async function engineStamp(choice = process.env.SONOMARK_ENGINE): Promise<string> {
  const path = require.resolve("@tensorflow/tfjs-node-gpu/package.json");
  const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
  if (choice === "wasm") return `tfjs ${version}, wasm`;
  const binding = await readIfThere(join(dirname(path), "lib/napi-v8/tfjs_binding.node"));
  const [, tensorflow = "unknown", platform = "unknown"] = binding?.toString("latin1").match(LIBRARY) ?? [];
  return `tfjs ${version}, TensorFlow ${tensorflow}, ${choice === "cpu" ? platform.replace("gpu", "cpu") : platform}`;
}
