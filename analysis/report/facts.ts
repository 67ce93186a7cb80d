/** @file What a report is written from: the study, what its tasks found, and what its run recorded of data and software. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Biomarkers } from "../../src/config/biomarkers.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { Report } from "../../src/config/report.ts";
import type { StudyConfig } from "../../src/config/study.ts";
import type { Run } from "../../src/tracking/store.ts";
import { packageRoot } from "../../src/util/files.ts";
import type { HeldOut } from "./held-out.ts";

export interface ReportFacts extends RunFacts {
  study: StudyConfig;
  evaluation: Evaluation;
  /** null where the study was not analysed */
  biomarkers: Biomarkers | null;
  /** of every arm and training */
  predictions: readonly HeldOut[];
}

/** What a study's run says beside its results. */
export type RunFacts = Pick<Report, "source" | "software">;

/** The source of a dataset input, as far as a report tells it: its path is of this machine and nobody else's. */
const sourceSchema = z.object({ reader: z.string(), licence: z.string(), citation: z.string() });

/** @param run of the study */
export async function runFacts({ inputs, tags }: Pick<Run, "inputs" | "tags">): Promise<RunFacts> {
  const { version } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return {
    source: sourceOf(inputs),
    software: {
      sonomark: version,
      commit: tags["mlflow.source.git.commit"] ?? null,
      code: tags["sonomark.code"] ?? "",
      engine: tags["sonomark.engine"] ?? "",
      data: tags["sonomark.data"] ?? "",
    },
  };
}

/** Null where another program wrote the input, or none is there. */
function sourceOf(inputs: Run["inputs"]): Report["source"] {
  try {
    return sourceSchema.parse(JSON.parse(inputs[0]?.source ?? "{}"));
  } catch {
    return null;
  }
}
