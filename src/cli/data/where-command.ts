/** @file `sonomark data where`: which file a safe name stands for, on the terminal of the user who has the salt. */
import { Command } from "@commander-js/extra-typings";
import { loadSalt } from "../../data/dicom/pseudonym.ts";
import { locate } from "../../data/locate.ts";
import { realPaths } from "../../data/readers/dicom.ts";
import { UserError } from "../../util/user-error.ts";

export const whereCommand = () =>
  new Command("where")
    .description("Tell which DICOM file a safe name means, such as benign/~4c1a90be27. The answer names people where paths do.")
    .argument("<name>", "as messages and tables call the file, with or without its #part")
    .requiredOption("--data <tree>", "the DICOM files as they were given when the name was made")
    .action(async (name, { data }) => {
      const { files } = await locate(`dicom:${data.replace(/^dicom:/, "")}`);
      try {
        const path = (await realPaths(files, await loadSalt())).get(name.split("#")[0]);
        if (path === undefined)
          throw new UserError(`${name}: no file of ${files.root} has this name; give the data and the salt that it was made with`, {
            status: 404,
          });
        process.stdout.write(`${path}\n`);
      } finally {
        await files.close();
      }
    });
