/** @file `sonomark report`: the report of a study, as a page and as data. */
import { Command } from "@commander-js/extra-typings";
import { jsonOption, storeOf, storeOption } from "./options.ts";
import { exitCodeOf, spawnRoom } from "./spawn-room.ts";

export const reportCommand = () =>
  new Command("report")
    .description("Write the report of a study: report.html, one self-contained page, and report.json, the same as data.")
    .argument("<study>", "name of a study (its newest finished run), or a run id or the beginning of one")
    .option("--out <folder>", "where the files go (default: sonomark-report-<study>)")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nA study that was evaluated but not analysed is reported without maps. With --json the data go to stdout, and files are written only where --out is given.",
    )
    .action(async (study, { out, store, json }) => {
      const options = ["--store", storeOf(store).uri, "--cwd", process.cwd(), ...(out === undefined ? [] : ["--out", out])];
      process.exitCode = await exitCodeOf(spawnRoom("analysis/report/main.ts", [...options, ...(json ? ["--json"] : []), "--", study]));
    });
