/** @file `sonomark compare`: two models of finished studies on the images that both held out. */
import { Command } from "@commander-js/extra-typings";
import { jsonOption, storeOf, storeOption } from "./options.ts";
import { exitCodeOf, spawnRoom } from "./spawn-room.ts";

export const compareCommand = () =>
  new Command("compare")
    .description("Compare two models on the images that both held out: paired AUROC difference with interval and p, and what it means.")
    .argument("<a>", "study (its newest finished run), a run id or the beginning of one; after a colon a model: demo:scratch")
    .argument("<b>", "the same of the other; the first model where none is named")
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (a, b, { store, json }) => {
      const options = ["--store", storeOf(store).uri, ...(json ? ["--json"] : [])];
      process.exitCode = await exitCodeOf(spawnRoom("finetune/compare/main.ts", [...options, "--", a, b]));
    });
