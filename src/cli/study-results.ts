/** @file Reads a study's results back from the store and writes them for a terminal. */
import { biomarkersSchema, type Biomarkers } from "../config/biomarkers.ts";
import { evaluationSchema, type Evaluation } from "../config/evaluation.ts";
import type { Run, Store } from "../tracking/store.ts";
import { UserError } from "../util/user-error.ts";
import { formatBiomarkers, formatEvaluation } from "./format-results.ts";

export interface StudyResults {
  evaluation: Evaluation | null;
  biomarkers: Biomarkers | null;
}

/** What the parent run holds by now; null where the study was not run that far. */
export async function readResults(store: Store, run: Run): Promise<StudyResults> {
  const read = async (path: string): Promise<unknown> => {
    try {
      return JSON.parse((await store.readArtifact(run.info.runId, path)).toString("utf8")) as unknown;
    } catch (error) {
      if (error instanceof UserError && error.status === 404) return null;
      throw error;
    }
  };
  const [evaluation, biomarkers] = await Promise.all([read("evaluation.json"), read("biomarkers.json")]);
  return {
    evaluation: evaluation === null ? null : evaluationSchema.parse(evaluation),
    biomarkers: biomarkers === null ? null : biomarkersSchema.parse(biomarkers),
  };
}

/** The results as text: tables, the run's id and where the report lies. */
export function resultText(store: Store, run: Run, { evaluation, biomarkers }: StudyResults): string {
  return [
    ...(evaluation ? [formatEvaluation(evaluation)] : []),
    ...(biomarkers ? [formatBiomarkers(biomarkers)] : []),
    [
      `run     ${run.info.runId}  (experiment ${run.tags["sonomark.study"] ?? run.info.name})`,
      `store   ${store.uri}`,
      ...(biomarkers ? [`report  ${run.info.artifactUri.replace(/^file:\/\//, "")}/report.html`] : []),
    ].join("\n"),
    "Research software, not a medical device.",
  ].join("\n\n");
}
