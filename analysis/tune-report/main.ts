/** @file Draws the page of a search and stores it in the search's run: `node --import tsx analysis/tune-report/main.ts --store <uri> --run <id>`. */
import { parseArgs } from "node:util";
import { evaluationSchema } from "../../src/config/evaluation.ts";
import { TUNE_FILES, tunedSchema, tuneFileSchema } from "../../src/config/tuned.ts";
import { openStore } from "../../src/tracking/open-store.ts";
import { UserError } from "../../src/util/user-error.ts";
import { tunePage } from "./page.ts";

const { values } = parseArgs({ options: { store: { type: "string", default: "mlruns" }, run: { type: "string", default: "" } } });

try {
  const store = openStore(values.store, { now: () => 0 }); // makes no run and no experiment
  const read = async (path: string): Promise<unknown> => JSON.parse((await store.readArtifact(values.run, path)).toString("utf8"));
  const page = await tunePage({
    file: tuneFileSchema.parse(await read(TUNE_FILES.search)),
    tuned: tunedSchema.parse(await read(TUNE_FILES.result)),
    evaluation: evaluationSchema.parse(await read(TUNE_FILES.evaluation)),
    optimistic: evaluationSchema.parse(await read(TUNE_FILES.optimistic)),
  });
  await store.putArtifact(values.run, TUNE_FILES.page, page);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`sonomark: ${error.message}\n`);
  process.exitCode = 1;
}
