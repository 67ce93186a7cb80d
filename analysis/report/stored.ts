/** @file The report of a study in the store: as the analysis wrote it, or written anew from the evaluation where the study was not analysed. */
import { z } from "zod";
import { biomarkersSchema } from "../../src/config/biomarkers.ts";
import { evaluationSchema } from "../../src/config/evaluation.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { REPORT_HTML, REPORT_JSON } from "../../src/config/report.ts";
import { studySchema } from "../../src/config/study.ts";
import { findStudies } from "../../src/run/find-study.ts";
import { KEY_TAG, STUDY_TAG } from "../../src/run/tags.ts";
import type { Run, Store } from "../../src/tracking/store.ts";
import { messageOf, UserError } from "../../src/util/user-error.ts";
import { buildReport } from "./build.ts";
import { runFacts } from "./facts.ts";
import { readHeldOut } from "./held-out.ts";
import { noPictures, reportPage } from "./report.ts";

export interface StoredReport {
  run: Run;
  /** of the study */
  name: string;
  html: string;
  json: string;
  /** false where the study was not analysed: without maps */
  analysed: boolean;
}

/**
 * @param what run id, its beginning, or the name of a study
 * @throws UserError where there is no such study, or it has no evaluation
 */
export async function storedReport(store: Store, what: string): Promise<StoredReport> {
  const runs = await findStudies(store, what);
  for (const run of runs) {
    const found = (await analysedReport(store, run)) ?? (await evaluatedReport(store, run));
    if (found) return found;
  }
  const [{ info, tags }] = runs;
  throw new UserError(
    `study ${tags[STUDY_TAG] ?? info.name} (run ${info.runId}, ${info.status.toLowerCase()}) has no evaluation to report; run the study again, which goes on from where it stopped`,
    { status: 404 },
  );
}

function parsed<S extends z.ZodType>(schema: S, text: string, what: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${what} is no JSON (${messageOf(cause)}); run the study again, which writes it anew`, { status: 422, cause });
  }
  return parseConfig(schema, value, what);
}

async function textOf(store: Store, runId: string, path: string): Promise<string | undefined> {
  try {
    return (await store.readArtifact(runId, path)).toString("utf8");
  } catch (error) {
    if (error instanceof UserError && error.status === 404) return undefined;
    throw error;
  }
}

const nameOf = ({ info, tags }: Run): string => tags[STUDY_TAG] ?? info.name;

/** As the analyse task wrote it, with maps. */
async function analysedReport(store: Store, run: Run): Promise<StoredReport | undefined> {
  const [html, json] = await Promise.all([REPORT_HTML, REPORT_JSON].map((path) => textOf(store, run.info.runId, path)));
  return html === undefined || json === undefined ? undefined : { run, name: nameOf(run), html, json, analysed: true };
}

/** Written from what the evaluate task left: in the study's run, or in its own where the study stopped before results were gathered. */
async function evaluatedReport(store: Store, run: Run): Promise<StoredReport | undefined> {
  const name = nameOf(run);
  const { runId } = run.info;
  const config = await textOf(store, runId, "study.json");
  const from = await evaluatedRun(store, run);
  if (config === undefined || from === undefined) return undefined;
  const study = parsed(studySchema, config, `study.json of study ${name}`);
  const read = async (path: string) => (await store.readArtifact(from, path)).toString("utf8");
  const evaluation = parsed(evaluationSchema, await read("evaluation.json"), `evaluation.json of study ${name}`);
  const predictions = readHeldOut(await read("oof-predictions.csv"), `oof-predictions.csv of study ${name}`, study);
  const biomarkers = await textOf(store, runId, "biomarkers.json");
  const report = buildReport({
    ...{ study, evaluation, predictions },
    biomarkers: biomarkers === undefined ? null : parsed(biomarkersSchema, biomarkers, `biomarkers.json of study ${name}`),
    ...(await runFacts(run)),
  });
  return { run, name, html: await reportPage(report, noPictures), json: JSON.stringify(report, null, 2), analysed: false };
}

/** What a study's run recorded of its plan. */
const planSchema = z.array(z.object({ name: z.string(), key: z.string() }));

/** The run that holds `evaluation.json`, by key: a study takes over unchanged results of an earlier one. */
async function evaluatedRun(store: Store, { info }: Run): Promise<string | undefined> {
  if ((await textOf(store, info.runId, "evaluation.json")) !== undefined) return info.runId;
  const plan = await textOf(store, info.runId, "plan.json");
  const key = plan && planSchema.parse(JSON.parse(plan)).find((task) => task.name === "evaluate")?.key;
  if (!key) return undefined;
  const [found] = await store.searchRuns({
    experimentIds: [info.experimentId],
    tags: { [KEY_TAG]: key },
    status: ["FINISHED"],
    maxResults: 1,
  });
  return found?.info.runId;
}
