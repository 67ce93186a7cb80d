/** @file The real MLflow from PyPI, in a virtual environment under the cache folder that is made once and never half-made. */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { lock } from "proper-lockfile";
import { cacheFolder } from "../util/files.ts";

const VERSION = "3.17.2";
/** What client, server and file store import; the full package brings half a gigabyte more. */
const REQUIREMENTS = [
  `mlflow-skinny==${VERSION}`,
  ...["Flask", "Flask-CORS", "sqlalchemy", "alembic", "graphene", "cryptography", "aiohttp", "numpy", "pandas"],
];

const run = promisify(execFile);

/** What MLflow needs in its environment to open a folder, and to stay alone. */
export const mlflowEnv = {
  ...process.env,
  MLFLOW_ALLOW_FILE_STORE: "true",
  MLFLOW_DISABLE_TELEMETRY: "true",
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
};

/**
 * A Python that imports MLflow; 20 to 60 s the first time. Its scripts do not know that the folder was renamed: call `python -m mlflow`.
 * @returns undefined, with the reason on stderr, where Python or the network is missing
 * @throws Error where the installation fails for another reason
 */
export async function mlflowPython(): Promise<string | undefined> {
  const home = join(cacheFolder(), `mlflow-venv-${VERSION}`);
  const python = join(home, "bin", "python");
  if (existsSync(python)) return python;
  const draft = `${home}.draft`;
  await mkdir(dirname(home), { recursive: true });
  const unlock = await lock(dirname(home), {
    lockfilePath: `${home}.lock`,
    stale: 20_000,
    retries: { forever: true, minTimeout: 200, maxTimeout: 1000 },
  });
  try {
    if (existsSync(python)) return python; // another test file made it meanwhile
    await rm(draft, { recursive: true, force: true });
    await install(draft);
    await rename(draft, home);
    return python;
  } catch (error) {
    const reason = excuse(error);
    if (reason === undefined) throw error;
    console.error(`Tests with the real MLflow are skipped: ${reason}.`);
    return undefined;
  } finally {
    await unlock();
  }
}

async function install(folder: string): Promise<void> {
  await run("python3", ["-m", "venv", "--without-pip", folder]);
  const pip = [
    "-m",
    "pip",
    "--python",
    join(folder, "bin", "python"),
    "install",
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
    "--no-compile",
  ];
  await run("python3", [...pip, ...REQUIREMENTS]);
  await run("python3", [...pip, "--no-deps", `mlflow==${VERSION}`]);
}

/** Why a failed installation is no failed test. */
function excuse(error: unknown): string | undefined {
  const { code, stderr = "" } = error as { code?: string | number; stderr?: string };
  if (code === "ENOENT") return "there is no python3";
  if (/No module named (pip|venv)|no such option: --python/.test(stderr)) return "this python3 lacks venv, or pip 22.3 or newer";
  if (/Requires-Python|requires a different Python/.test(stderr)) return "this python3 is older than MLflow takes";
  if (/from versions: none|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded/.test(stderr))
    return "pip does not reach a package index with MLflow";
  return undefined;
}

export interface MlflowServer {
  url: string;
  stop(): Promise<void>;
}

/** Starts `mlflow server` on a free port of this machine, with `backend` (for example `sqlite:////tmp/x/mlflow.db`) and artifacts in `folder`. */
export async function startMlflowServer(python: string, backend: string, folder: string): Promise<MlflowServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    "server",
    "--backend-store-uri",
    backend,
    "--artifacts-destination",
    join(folder, "artifacts"),
    "--host",
    "127.0.0.1",
    "--port",
    `${port}`,
    "--workers",
    "1",
  ];
  const server = spawn(python, ["-m", "mlflow", ...args], { cwd: folder, env: mlflowEnv, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-4000)));
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  const stop = async (): Promise<void> => {
    server.kill(); // hands the signal on to its child
    await ended;
  };
  for (let tries = 0; tries < 1000; tries++) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`mlflow server ended by itself\n${log}`);
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return { url, stop };
    await setTimeout(100);
  }
  await stop();
  throw new Error(`mlflow server does not answer within 100 s\n${log}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
