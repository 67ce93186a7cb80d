/** @file The root of a file store and its experiments. Nothing is written before the first experiment is asked for by name. */
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../util/user-error.ts";
import { checkExperimentName, trashed } from "./checks.ts";
import { codeOf, explained, moveFolder, placeFile, withDrafts } from "./disk.ts";
import { DEFAULT_EXPERIMENT_ID, experimentIdOf, isExperimentId, META, TRASH } from "./layout.ts";
import { experimentMeta, fromYaml, toExperiment, toYaml } from "./meta-yaml.ts";
import type { Experiment, StoreOptions } from "./store.ts";

export interface Experiments {
  named(name: string): Experiment;
  list(): Experiment[];
  /** @throws UserError (404) where there is no active one */
  get(experimentId: string): Experiment;
  /** Folders of the active experiments. */
  folders(): { experimentId: string; path: string }[];
}

export function openExperiments(root: string, { now, randomId }: Required<StoreOptions>): Experiments {
  if (root.split(sep).includes("artifacts"))
    throw new UserError(`store ${root} lies in a folder called "artifacts", where MLflow finds no run: choose a path without that name`);
  const exists = existsSync(root);
  if (exists && !statSync(root).isDirectory()) throw new UserError(`store ${root} is a file: name a folder with --store`);

  /** MLflow takes a folder for a store only with a Default experiment in it. */
  function prepareRoot(): void {
    explained(root, () => mkdirSync(join(root, TRASH), { recursive: true }));
    const base = join(root, DEFAULT_EXPERIMENT_ID);
    explained(root, () => mkdirSync(base, { recursive: true }));
    if (existsSync(join(base, META))) return;
    withDrafts(base, "new", randomId, (drafts) => placeFile(drafts, join(base, META), metaOf(DEFAULT_EXPERIMENT_ID, "Default"), true));
  }

  function metaOf(experimentId: string, name: string): string {
    const artifactLocation = pathToFileURL(join(root, experimentId)).href;
    return toYaml(experimentMeta({ experimentId, name, artifactLocation, lifecycleStage: "active" }, Math.floor(now())));
  }

  /** Drafts a whole folder and renames it: another process sees all of it or nothing. Does nothing where the id is taken. */
  function create(experimentId: string, name: string): void {
    const path = join(root, experimentId);
    if (existsSync(path) || existsSync(join(root, TRASH, experimentId))) return;
    withDrafts(join(root, DEFAULT_EXPERIMENT_ID), "new", randomId, (drafts) => {
      const draft = join(drafts, experimentId);
      mkdirSync(draft);
      placeFile(drafts, join(draft, META), metaOf(experimentId, name), true);
      moveFolder(draft, path);
    });
  }

  function named(name: string): Experiment {
    checkExperimentName(name);
    prepareRoot();
    const known = readAll(root).find((found) => found.name === name);
    const deleted = known?.lifecycleStage === "deleted" ? known : readAll(join(root, TRASH)).find((found) => found.name === name);
    if (deleted) throw trashed(deleted, root);
    if (known) return known;
    for (let attempt = 0; ; attempt++) {
      const experimentId = experimentIdOf(name, attempt);
      explained(root, () => create(experimentId, name));
      const made = readExperiment(join(root, experimentId), experimentId)?.experiment;
      if (made?.name === name) return made;
    }
  }

  return {
    named,
    list: () => readAll(root).filter((experiment) => experiment.lifecycleStage === "active"),
    get(experimentId) {
      const found = isExperimentId(experimentId) ? readExperiment(join(root, experimentId), experimentId)?.experiment : undefined;
      if (found?.lifecycleStage === "active") return found;
      throw new UserError(`experiment ${experimentId} is not in ${root}: list the experiments there, or create it by name`, {
        status: 404,
      });
    },
    folders: () => subfolders(root).map((experimentId) => ({ experimentId, path: join(root, experimentId) })),
  };
}

function subfolders(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isExperimentId(entry.name))
      .map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw new UserError(
      `store ${root} cannot be read (${codeOf(error)}): give this user read permission, or name another store with --store`,
      { cause: error },
    );
  }
}

/** Newest first, as MLflow lists them; a folder that is no readable experiment hides no other. */
function readAll(root: string): Experiment[] {
  return subfolders(root)
    .flatMap((experimentId) => readExperiment(join(root, experimentId), experimentId) ?? [])
    .sort((a, b) => b.createdAt - a.createdAt || (a.experiment.experimentId < b.experiment.experimentId ? -1 : 1))
    .map(({ experiment }) => experiment);
}

function readExperiment(path: string, experimentId: string): { experiment: Experiment; createdAt: number } | undefined {
  try {
    const meta = fromYaml(readFileSync(join(path, META), "utf8"));
    return { experiment: toExperiment(meta, experimentId), createdAt: Number(meta.creation_time ?? 0) };
  } catch {
    return undefined;
  }
}
