/** @file `sonomark start`, which `npm start` calls after set-up: the demo study, then server and page. */
import { Command } from "@commander-js/extra-typings";
import { loadStudy } from "./load-study.ts";
import { integer, storeOf, storeOption } from "./options.ts";
import { runStudyHere } from "./run-study.ts";
import { serve } from "./serve-command.ts";
import { finished, spawnRoom } from "./spawn-room.ts";
import { report } from "./study-command.ts";

export const startCommand = () =>
  new Command("start")
    .description("Run the demo study unless the store holds it, then serve the page.")
    .option("--no-serve", "end after the result table")
    .option("--port <n>", "port of the page (default: 8787, or the next free one)", integer)
    .addOption(storeOption())
    .action(async ({ serve: wanted, port, store: uri }) => {
      const store = storeOf(uri);
      const outcome = await runStudyHere(await loadStudy("experiments/demo.ts", {}), store, {});
      if (!outcome.ran) process.stderr.write("the store already holds the demo for this code, config and data: not run again\n");
      await report(store, outcome, undefined);
      if (!wanted) return;
      await finished(spawnRoom("web/build.mjs", [], "ignore"), "building the page");
      await serve({ port, store: store.uri });
    });
