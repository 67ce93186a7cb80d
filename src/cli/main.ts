/** @file The command line: one file a command; UserErrors become one sentence and exit code 1, a stop that may be gone on from 75 (130 after Ctrl-C). */
import { Command } from "@commander-js/extra-typings";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TaskStopped } from "../run/local.ts";
import { EXIT_STOPPED } from "../run/stage.ts";
import { packageRoot } from "../util/files.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { compareCommand } from "./compare-command.ts";
import { dataCommand } from "./data/data-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { evaluateCommand } from "./evaluate-command.ts";
import { Interrupted } from "./interrupt.ts";
import { modelCommand } from "./model-command.ts";
import { predictCommand } from "./predict-command.ts";
import { reportCommand } from "./report-command.ts";
import { serveCommand } from "./serve-command.ts";
import { startCommand } from "./start-command.ts";
import { analyseCommand, finetuneCommand, pretrainCommand, studyCommand } from "./study-command.ts";
import { tuneCommand } from "./tune-command.ts";

const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };

const program = new Command("sonomark")
  .description(
    "Self-supervised ultrasound research: pretrain, fine-tune without leaks, explain, test for digital biomarkers.\nResearch software, not a medical device.",
  )
  .version(version)
  .showHelpAfterError("(run with --help for what is possible)")
  .addCommand(doctorCommand())
  .addCommand(dataCommand())
  .addCommand(pretrainCommand())
  .addCommand(finetuneCommand())
  .addCommand(analyseCommand())
  .addCommand(studyCommand())
  .addCommand(tuneCommand())
  .addCommand(modelCommand())
  .addCommand(predictCommand())
  .addCommand(evaluateCommand())
  .addCommand(compareCommand())
  .addCommand(reportCommand())
  .addCommand(serveCommand())
  .addCommand(startCommand(), { hidden: true });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write("sonomark: stopped; the same command goes on from here\n");
    process.exitCode = error.exitCode;
  } else {
    process.stderr.write(
      `sonomark: ${error instanceof UserError ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
    );
    process.exitCode = error instanceof TaskStopped ? EXIT_STOPPED : 1;
  }
}
