/** @file `sonomark doctor`: what is here, what is missing, and the cure. */
import { Command } from "@commander-js/extra-typings";
import { jsonOption, print, storeOf, storeOption } from "./options.ts";

export const doctorCommand = () =>
  new Command("doctor")
    .description("Tell engine, versions, devices, threads, store and caches; exits with 1 where something is wrong.")
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async ({ json, store }) => {
      const { doctor, formatDoctor } = await import("../engine/doctor.ts"); // loads TensorFlow, which no other command may
      const report = await doctor({ store: storeOf(store) });
      print(json, report, () => formatDoctor(report));
      if (report.problems.length > 0) process.exitCode = 1;
    });
