/**
 * @file Breaks the set-up in every way that we know of and reads what it says: missing tools, full disks, no network,
 * damage in the caches, `kill -9`, two at once. Prints one row a case; ends with 1 if a case went otherwise than it should.
 *   npm run bench -- setup-faults [pattern of cases' names]      takes about five minutes; full disks need root (tmpfs)
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { environment, folder, makeClone, setUp, startSetup } from "./setup/clone.mjs";

const nowhere = "http://127.0.0.1:9/"; // nobody listens at the discard port
const offline = {
  npm_config_registry: nowhere,
  npm_config_fetch_retries: "0",
  PIP_INDEX_URL: nowhere,
  PIP_CONFIG_FILE: "/dev/null",
  PIP_RETRIES: "1",
};
const wasmOffer = "SONOMARK_ENGINE=wasm npm start";

/** A PATH with all commands of the present one but these. */
function pathWithout(...names) {
  const bin = join(folder, `path-without-${names.join("-")}`);
  mkdirSync(bin, { recursive: true });
  for (const from of process.env.PATH.split(delimiter).filter((each) => existsSync(each)))
    for (const name of readdirSync(from))
      if (!names.some((out) => name === out || name.startsWith(`${out}.`)) && !existsSync(join(bin, name)))
        try {
          symlinkSync(join(from, name), join(bin, name));
        } catch {
          // a dangling link of the same name is there
        }
  return bin;
}

const engineOf = (env) => join(env.SONOMARK_CACHE, "engine");
const entry = (env, start) =>
  join(
    engineOf(env),
    readdirSync(engineOf(env)).find((name) => name.startsWith(start)),
  );
const libraryFile = (env) => join(entry(env, "tensorflow-"), "tensorflow/libtensorflow_framework.so.2");
const leftovers = (env) => readdirSync(engineOf(env)).filter((name) => name.startsWith(".tmp") || name === "lock");
const installed = (clone) => join(clone, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");

function writeAt(file, position, bytes) {
  writeSync(openSync(file, "r+"), bytes, 0, bytes.length, position);
}

/** The good state that most cases start from: one clone, filled caches. Copied, as cases break it. */
const goodEnv = environment("good");
const goodClone = makeClone("good-clone");
const first = await setUp(goodClone, goodEnv);
if (first.code !== 0) throw new Error(first.stderr);

let serial = 0;
/** A clone with packages, and filled (or empty) caches of its own. */
function scene({ caches = true, packages = true } = {}) {
  const name = `case-${++serial}`;
  const clone = makeClone(`${name}-clone`);
  const env = environment(name);
  if (packages) {
    spawnSync("cp", ["-al", join(goodClone, "node_modules"), clone]); // hard links: no case writes into a package
    rmSync(dirname(installed(clone)), { recursive: true });
  }
  if (caches) cpSync(goodEnv.SONOMARK_CACHE, env.SONOMARK_CACHE, { recursive: true });
  return { clone, env };
}

/** Each case answers what it saw; it throws where that is not what it should be. */
function expect(result, code, ...patterns) {
  const said = result.stderr.trim();
  if (result.code !== code) throw new Error(`exit code ${result.code}, not ${code}: ${said}`);
  for (const pattern of patterns) if (!said.match(pattern)) throw new Error(`no ${pattern} in: ${said}`);
  return said.split("\n").at(-1);
}

/** Refused: exit code 1, and the last line is the sentence. */
const refused = (result, ...patterns) => expect(result, 1, ...patterns);
const ready = (result, ...patterns) => expect(result, 0, /Set-up ready in [\d.]+ s: TensorFlow/, ...patterns);

/** Kills the set-up and all that it started, as soon as `when()`. */
async function killWhen(clone, env, when) {
  const { child, ended } = startSetup(clone, env);
  while (child.exitCode === null && !when()) await sleep(20);
  if (child.exitCode !== null) throw new Error("the set-up ended before it could be killed");
  process.kill(-Number(child.pid), "SIGKILL");
  await ended;
}

const drafts = (env, inside) =>
  existsSync(engineOf(env)) && readdirSync(engineOf(env)).some((name) => name.startsWith(".tmp") && inside(join(engineOf(env), name)));
const filled = (path) => existsSync(path) && readdirSync(path, { recursive: true }).length > 1;

/** Mounts a RAM disk over the cache folder for one case. */
async function onDisk(size, env, body) {
  mkdirSync(env.SONOMARK_CACHE, { recursive: true });
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "sonomark", env.SONOMARK_CACHE]);
  if (status !== 0) return "skipped: mounting a tmpfs needs root";
  try {
    return await body();
  } finally {
    spawnSync("umount", ["-l", env.SONOMARK_CACHE]);
  }
}

const cases = {
  "no Python": async () => {
    const { clone, env } = scene({ caches: false });
    return refused(await setUp(clone, { ...env, PATH: pathWithout("python", "python3") }), /Python 3\.8.*pip.*not found here: /, wasmOffer);
  },
  "Python without pip": async () => {
    const { clone, env } = scene({ caches: false });
    const fake = join(folder, "no-pip");
    mkdirSync(join(fake, "pip"), { recursive: true });
    writeFileSync(join(fake, "pip/__init__.py"), "raise ImportError('no pip')");
    return refused(await setUp(clone, { ...env, PYTHONPATH: fake }), /needs Python's pip, not found/, wasmOffer);
  },
  "no compiler": async () => {
    const { clone, env } = scene({ caches: false });
    return refused(await setUp(clone, { ...env, PATH: pathWithout("g++", "c++", "clang++") }), /a C\+\+ compiler, not found/, wasmOffer);
  },
  "a compiler that fails": async () => {
    const { clone, env } = scene();
    rmSync(entry(env, "binding-"));
    const compiler = join(folder, "old-compiler");
    writeFileSync(compiler, '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "error: unrecognized option -std=c++17" >&2; exit 1\n', {
      mode: 0o755,
    });
    return refused(
      await setUp(clone, { ...env, CXX: compiler }),
      /unrecognized option/,
      /could not compile the TensorFlow binding/,
      wasmOffer,
    );
  },
  "no npm": async () => {
    const { clone, env } = scene({ packages: false });
    return refused(await setUp(clone, { ...env, PATH: pathWithout("npm", "npx") }), /npm is missing: install it/);
  },
  "no network for npm": async () => {
    const { clone, env } = scene({ packages: false });
    return refused(await setUp(clone, { ...env, ...offline }), /npm does not reach the package registry: check the network/);
  },
  "no network for pip": async () => {
    const { clone, env } = scene({ caches: false });
    const said = refused(await setUp(clone, { ...env, ...offline }), /pip does not reach its package index: check the network/, wasmOffer);
    if (leftovers(env).length > 0) throw new Error(`left behind: ${leftovers(env)}`);
    return said;
  },
  "no network, all cached": async () => {
    const { clone, env } = scene();
    return ready(await setUp(clone, { ...env, ...offline }));
  },
  "no network, another clone, npm's cache filled": async () => {
    const { clone, env } = scene({ packages: false });
    return ready(
      await setUp(clone, {
        ...env,
        ...offline,
        npm_config_cache: goodEnv.npm_config_cache,
        npm_config_registry: undefined,
        npm_config_offline: "true",
      }),
    );
  },
  "a package index that offers another wheel": async () => {
    const { clone, env } = scene({ caches: false });
    const pins = join(clone, "src/engine/pins.json");
    writeFileSync(pins, readFileSync(pins, "utf8").replace(/("tensorflow(-cpu)?==[\d.]+": ")\w{8}/g, "$100000000"));
    return refused(await setUp(clone, env), /differs from the checksum in src\/engine\/pins\.json and was not used/);
  },
  "a disk that is too small": async () => {
    const { clone, env } = scene({ caches: false });
    return onDisk("200m", env, async () =>
      refused(await setUp(clone, env), /needs \d+ MB of disk and .* has \d+ MB: free some space/, wasmOffer),
    );
  },
  "a disk that fills up meanwhile": async () => {
    const { clone, env } = scene({ caches: false });
    return onDisk("1200m", env, async () => {
      const { ended } = startSetup(clone, env);
      while (!drafts(env, () => true)) await sleep(20);
      spawnSync("dd", ["if=/dev/zero", `of=${join(env.SONOMARK_CACHE, "other")}`, "bs=1M", "count=700"]);
      const said = refused(await ended, /The disk ran full (during|while) TensorFlow/, wasmOffer);
      if (leftovers(env).length > 0) throw new Error(`left behind: ${leftovers(env)}`);
      return said;
    });
  },
  "a cache folder that cannot be": async () => {
    const { clone, env } = scene({ caches: false });
    return refused(await setUp(clone, { ...env, SONOMARK_CACHE: "/dev/null/cache" }), /cannot be made .*: set SONOMARK_CACHE/);
  },
  "a library cut short": async () => {
    const { clone, env } = scene();
    truncateSync(libraryFile(env), 1_000_000);
    return ready(await setUp(clone, env), /TensorFlow +[\d.]+ s/);
  },
  "a library whose head is overwritten": async () => {
    const { clone, env } = scene();
    writeAt(libraryFile(env), 0, Buffer.alloc(4096));
    return ready(await setUp(clone, env), /damaged in the cache: tensorflow\/libtensorflow_framework/);
  },
  "a library with one changed byte (doctor's check)": async () => {
    const { clone, env } = scene();
    writeAt(libraryFile(env), 60_000_000, Buffer.from([1]));
    const { damagedFiles } = await import(pathToFileURL(join(clone, "src/engine/setup/library.mjs")).href);
    const damaged = await damagedFiles(entry(env, "tensorflow-"));
    if (damaged.join() !== "tensorflow/libtensorflow_framework.so.2") throw new Error(`noticed: ${damaged}`);
    return `noticed: ${damaged}`;
  },
  "a damaged binding in the clone": async () => {
    const { clone, env } = scene();
    ready(await setUp(clone, env));
    truncateSync(installed(clone), 5_000);
    return ready(await setUp(clone, env));
  },
  "a damaged binding in the cache": async () => {
    const { clone, env } = scene();
    rmSync(entry(env, "binding-"));
    ready(await setUp(clone, env));
    truncateSync(entry(env, "binding-"), 5_000);
    return ready(await setUp(clone, env), /fails its check/, /binding +[\d.]+ s/);
  },
  "kill -9 during the download": async () => {
    const { clone, env } = scene({ caches: false });
    await killWhen(clone, env, () => drafts(env, (draft) => filled(join(draft, "pip"))));
    const left = leftovers(env).length;
    const said = ready(await setUp(clone, env), /TensorFlow +[\d.]+ s/);
    if (left === 0 || leftovers(env).length > 0) throw new Error(`left before ${left}, after ${leftovers(env)}`);
    return said;
  },
  "kill -9 while unpacking": async () => {
    const { clone, env } = scene({ caches: false });
    await killWhen(clone, env, () => drafts(env, (draft) => filled(join(draft, "unpacked"))));
    const said = ready(await setUp(clone, env), /TensorFlow +[\d.]+ s/);
    if (leftovers(env).length > 0) throw new Error(`left behind: ${leftovers(env)}`);
    return said;
  },
  "kill -9 while npm installs": async () => {
    const { clone, env } = scene({ packages: false });
    await killWhen(clone, { ...env, npm_config_cache: goodEnv.npm_config_cache }, () => filled(join(clone, "node_modules")));
    return ready(await setUp(clone, { ...env, npm_config_cache: goodEnv.npm_config_cache }), /packages +[\d.]+ s/);
  },
  "Ctrl-C leaves nothing behind": async () => {
    const { clone, env } = scene({ caches: false });
    const { child, ended } = startSetup(clone, env);
    while (!drafts(env, (draft) => filled(join(draft, "pip")))) await sleep(20);
    child.kill("SIGINT");
    expect(await ended, 130);
    if (leftovers(env).length > 0) throw new Error(`left behind: ${leftovers(env)}`);
    return "exit code 130";
  },
  "two set-ups at once, caches empty": async () => {
    const { clone, env } = scene({ caches: false });
    const other = scene().clone;
    const results = await Promise.all([setUp(clone, env), setUp(other, env)]);
    results.forEach((result) => ready(result));
    const fetched = results.filter(({ stderr }) => /TensorFlow +[\d.]+ s/.test(stderr)).length;
    const waited = results.filter(({ stderr }) => /waiting for another set-up/.test(stderr)).length;
    if (fetched !== 1 || waited !== 1) throw new Error(`${fetched} downloads, ${waited} waited`);
    return "one downloads, one waits, both are ready";
  },
  "gpu asked for without a card": async () => {
    const { clone, env } = scene();
    return refused(await setUp(clone, { ...env, SONOMARK_ENGINE: "gpu", PATH: pathWithout("nvidia-smi") }), /no NVIDIA card/);
  },
  "wasm on a machine without Python and compiler": async () => {
    const { clone, env } = scene({ caches: false });
    const PATH = pathWithout("python", "python3", "g++", "c++", "clang++");
    return expect(await setUp(clone, { ...env, PATH, SONOMARK_ENGINE: "wasm" }), 0, /Set-up ready.*WebAssembly/);
  },
};

const part = new RegExp(process.argv[2] ?? "");
console.log("| case | result | what it said last |\n|---|---|---|");
for (const [name, body] of Object.entries(cases).filter(([each]) => part.test(each))) {
  try {
    const said = await body();
    console.log(
      `| ${name} | ${said.startsWith("skipped") ? "skipped" : "as it should be"} | ${said.replaceAll(folder, "…").replaceAll("|", "\\|")} |`,
    );
  } catch (error) {
    process.exitCode = 1;
    console.log(`| ${name} | **WRONG** | ${error.message.replaceAll(folder, "…").replaceAll("\n", "<br>").replaceAll("|", "\\|")} |`);
  }
  for (const each of readdirSync(folder)) if (each.startsWith("case-")) rmSync(join(folder, each), { recursive: true, force: true });
}
