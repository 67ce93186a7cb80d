/** @file `sonomark data`: what a data set holds, which images belong together, how it can be split, and what it gives away. */
import { Command } from "@commander-js/extra-typings";
import { auditCommand } from "./audit-command.ts";
import { checkCommand } from "./check-command.ts";
import { foldsCommand } from "./folds-command.ts";
import { groupsCommand } from "./groups-command.ts";
import { leakageCommand } from "./leakage-command.ts";
import { tableCommand } from "./table-command.ts";
import { whereCommand } from "./where-command.ts";

export const dataCommand = () =>
  new Command("data")
    .description("Look at data before anything is trained on them. `sonomark data <source>` is short for `sonomark data check <source>`.")
    .addCommand(checkCommand(), { isDefault: true })
    .addCommand(groupsCommand())
    .addCommand(foldsCommand())
    .addCommand(leakageCommand())
    .addCommand(auditCommand())
    .addCommand(tableCommand())
    .addCommand(whereCommand());
