/** @file Starts the server, as a function or as a program: `node --import tsx server/main.ts [--port n] [--host h] [--store uri] [--json]`. */
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { openStore } from "../src/tracking/open-store.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import { createApp } from "./app.ts";
import { startInference } from "./inference.ts";
import { servePage } from "./page.ts";
import { openPictures } from "./pictures.ts";

const PORT = 8787;
/** Ports that are tried after the usual one, where none was asked for. */
const TRIES = 20;

export interface ServeOptions {
  /** the usual port or the next free one where it is left out; 0 for any free one */
  port?: number;
  host?: string;
  /** URI or folder of the tracking store */
  store: string;
  now?: () => number;
}

export interface Serving {
  url: string;
  close(): Promise<void>;
}

/** @throws UserError where the port is taken or the address is not this machine's */
export async function serve({ port, host = "127.0.0.1", store: uri, now = Date.now }: ServeOptions): Promise<Serving> {
  const store = openStore(uri, { now });
  await store.listExperiments(); // a store that cannot be read is told now, not on the page
  const inference = startInference();
  const app = createApp({ store, pictures: openPictures(), inference, host });
  servePage(app);
  const server = createAdaptorServer({ fetch: app.fetch });
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}/`,
    async close() {
      inference.close();
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function listen(server: ServerType, host: string, asked: number | undefined): Promise<void> {
  const ports = asked === undefined ? Array.from({ length: TRIES }, (_, i) => PORT + i) : [asked];
  for (const port of ports) {
    try {
      server.listen(port, host);
      await once(server, "listening");
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE" && asked === undefined) continue;
      if (code === "EADDRINUSE")
        throw new UserError(`--port ${port}: another program uses this port; choose another or leave --port out`, { cause: error });
      if (code === "EACCES")
        throw new UserError(`--port ${port}: ports below 1024 belong to the administrator; choose a higher one`, { cause: error });
      if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
        throw new UserError(`--host ${host}: this is no address of this machine; try 127.0.0.1`, { cause: error });
      throw error;
    }
  }
  throw new UserError(`ports ${PORT} to ${PORT + TRIES - 1} are all in use; choose one with --port`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UserError(`--port ${text}: must be a whole number from 0 to 65535`);
  return port;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: "string" }, host: { type: "string" }, store: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const port = values.port === undefined ? undefined : portOf(values.port);
  const { url, close } = await serve({
    store: values.store || process.env.MLFLOW_TRACKING_URI || "mlruns",
    ...(port === undefined ? {} : { port }),
    ...(values.host ? { host: values.host } : {}),
  });
  process.stderr.write(`sonomark is at ${url} (Ctrl-C ends it)\n`);
  if (port === undefined && new URL(url).port !== String(PORT))
    process.stderr.write(`port ${PORT} is in use, so the next free one was taken\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ url })}\n`);

  let closing: Promise<void> | undefined; // a terminal's Ctrl-C comes twice: from it, and handed on by the command
  const stop = () => void (closing ??= close().then(() => process.exit(0)));
  process.on("SIGINT", stop).on("SIGTERM", stop);
  process.once("disconnect", stop); // started with IPC: the parent is gone
}

if (import.meta.filename === process.argv[1])
  main().catch((error: unknown) => {
    const isMistake = error instanceof UserError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
    process.stderr.write(`${isMistake ? messageOf(error) : ((error as Error).stack ?? messageOf(error))}\n`);
    process.exit(1);
  });
