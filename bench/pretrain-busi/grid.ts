/** @file The few settings of each method that inner splits choose from; all else is as in experiments/pretrain-busi.ts. */
import { parseConfig } from "../../src/config/parse.ts";
import type { AugmentPreset } from "../../src/config/augment.ts";
import { studySchema, type StudyConfig, type StudyInput } from "../../src/config/study.ts";
import { UserError } from "../../src/util/user-error.ts";

interface Setting {
  preset: AugmentPreset;
  learningRate: number;
}

interface Candidates {
  method: NonNullable<NonNullable<StudyInput["pretrain"]>["method"]>;
  /** beside the preset */
  local?: NonNullable<NonNullable<StudyInput["pretrain"]>["augment"]>["local"];
  settings: readonly Setting[];
}

const presets = (...names: AugmentPreset[]): Setting[] => names.map((preset) => ({ preset, learningRate: 0.05 }));

const CANDIDATES: Record<string, Candidates> = {
  simclr: { method: { name: "simclr" }, settings: presets("bmode-global", "bmode-local", "simclr-grey") },
  // a run of some hundred updates: an average made for a hundred thousand would hardly move
  byol: { method: { name: "byol", tau: 0.9 }, settings: presets("bmode-global", "bmode-local", "byol-grey") },
  swav: {
    method: { name: "swav" },
    local: { count: 2, size: 0.5 },
    settings: presets("bmode-global", "bmode-local", "simclr-grey"),
  },
};

export const METHODS = Object.keys(CANDIDATES);

/** How many settings a method has to choose from. @throws UserError for a method without any */
export function settingsOf(method: string): readonly Setting[] {
  const found = CANDIDATES[method];
  if (!found) throw new UserError(`--methods names ${method}: choose of ${METHODS.join(", ")}`);
  return found.settings;
}

/** What a setting is called in tables. */
export const settingName = ({ preset, learningRate }: Setting): string => `${preset}, ${learningRate}`;

/** The study of one method under one of its settings. @throws UserError where the method cannot have them */
export function withSetting(
  study: StudyConfig,
  method: string,
  setting: Setting,
  { epochs, seed }: { epochs: number; seed: number },
): StudyConfig {
  const { method: settings, local } = CANDIDATES[method];
  const pretrain = {
    ...study.pretrain,
    epochs,
    method: settings,
    augment: { preset: setting.preset, ...(local ? { local } : {}) },
    optimiser: { ...study.pretrain.optimiser, learningRate: setting.learningRate },
  };
  return parseConfig(studySchema, { ...study, seed, pretrain }, `pretrain-busi, ${method}`);
}
