/** @file `sonomark serve`: the API and the page on this machine. */
import { Command } from "@commander-js/extra-typings";
import { integer, jsonOption, storeOf, storeOption } from "./options.ts";
import { exitCodeOf, finished, spawnRoom } from "./spawn-room.ts";

export const serveCommand = () =>
  new Command("serve")
    .description("Serve the API and the page. Without --port: 8787, or the next free one.")
    .option("--port <n>", "port; must be free", integer)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async ({ port, host, store, json }) => {
      await finished(spawnRoom("web/build.mjs", [], "ignore"), "building the page");
      await serve({ port, host, store: storeOf(store).uri, json });
    });

/** Runs the server until it is stopped. What it has to say it says itself; its exit code is ours. */
export async function serve(options: { port?: number | undefined; host?: string; store: string; json?: true | undefined }): Promise<void> {
  const server = spawnRoom("server/main.ts", [
    "--store",
    options.store,
    ...(options.port === undefined ? [] : ["--port", String(options.port)]),
    ...(options.host === undefined ? [] : ["--host", options.host]),
    ...(options.json ? ["--json"] : []),
  ]);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
  process.exitCode = await exitCodeOf(server);
}
