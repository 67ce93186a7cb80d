/** @file `sonomark pretrain --preview`: a picture of what pretraining would see, drawn by a program of its room. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { StudyConfig } from "../config/study.ts";
import { openStudyManifest } from "../data/study-manifest.ts";
import { UserError } from "../util/user-error.ts";
import { print } from "./options.ts";
import { progressBar } from "./progress-bar.ts";
import { exitCodeOf, spawnRoom } from "./spawn-room.ts";

const kindOf = (path: string) => statSync(path, { throwIfNoEntry: false });

/** Writes the contact sheet to `file`, relative to the current folder, and says where it is. @throws UserError where it cannot be written there */
export async function previewViews(study: StudyConfig, file: string, images: number): Promise<void> {
  const path = resolve(file);
  if (!kindOf(dirname(path))?.isDirectory())
    throw new UserError(`--preview ${file}: there is no folder ${dirname(path)}; make it, or name a file elsewhere`);
  if (kindOf(path)?.isDirectory()) throw new UserError(`--preview ${file}: this is a folder; name a file in it, like views.png`);
  const bar = progressBar(Date.now);
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  const { data, seed, pretrain } = study;
  const { digest } = await openStudyManifest(data, seed, { note, progress: bar.update, pretrain }).finally(bar.close);
  const task = JSON.stringify({ study, data: digest });
  process.exitCode = await exitCodeOf(spawnRoom("pretrain/preview.ts", ["--task", task, "--out", path, "--images", String(images)]));
  if (process.exitCode === 0) print(false, path, () => path);
}
