/** @file The study that a trial runs: the first arm alone, trained once a fold, with the trial's parameters; and what may be searched of a study. */
import { armsOf } from "../../config/arm.ts";
import { studySchema, type StudyConfig } from "../../config/study.ts";
import type { Parameter, Params, Space } from "../../config/tune.ts";
import { applyParams, checkStudyTakes } from "../../tune/apply-params.ts";
import { fits, isActive, parentsFirst } from "../../tune/space.ts";
import { UserError } from "../../util/user-error.ts";
import { planStudy, type Circumstances } from "../plan.ts";

/** Settings on which trials would no longer be compared on the same images, folds, models and criterion, or that name what was read before the search. */
const FIXED = [
  "finetune.protocols",
  "finetune.initialisations",
  "finetune.labelShares",
  "finetune.seeds",
  "finetune.checkpoint",
  "finetune.inner.folds",
  "finetune.inner.falseNegativeCost",
  "pretrain.unlabelled",
  "pretrain.positives",
];
const SEARCHED = /^(encoder|pretrain|finetune)\.|^data\.imageSize$/;

/** The study without its other arms, deals and trainings: their tasks have the keys that they have in the whole study. */
export function firstArmOnly(study: StudyConfig): StudyConfig {
  const { protocol, initialisation, labels } = armsOf(study.finetune)[0];
  const only = { protocols: [protocol], initialisations: [initialisation], labelShares: [labels], seeds: 1 };
  return { ...study, data: { ...study.data, repeats: 1 }, finetune: { ...study.finetune, ...only } };
}

/** The study with `params` set, as a trial runs it. @throws UserError where the study refuses them together */
export const trialStudy = (study: StudyConfig, params: Params, number: number): StudyConfig =>
  applyParams(studySchema, study, params, `trial ${number}`);

/**
 * @param study its first arm only
 * @throws UserError where its inner split gives trials no value, or the space names settings that it does not have, or that a search must not change
 */
export function checkSearch(study: StudyConfig, space: Space, circumstances: Circumstances): void {
  if (study.finetune.inner.folds === 0)
    throw new UserError(
      `study ${study.name}: finetune.inner.folds is 0, so no images are set aside to judge a trial by; set it to 2 or more, for example 5`,
      { status: 422 },
    );
  checkStudyTakes(studySchema, study, space);
  for (const parameter of space) {
    const { path } = parameter;
    if (!SEARCHED.test(path) || FIXED.some((fixed) => path === fixed || path.startsWith(`${fixed}.`)))
      throw new UserError(
        `search space: ${path} cannot be searched, since trials are compared on the same images, folds, arm and criterion; search other settings below encoder, pretrain and finetune, or data.imageSize`,
        { status: 422 },
      );
    if (decidesNothing(study, parameter, circumstances))
      throw new UserError(
        `search space: ${path} decides nothing of ${armsOf(study.finetune)[0].initialisation} models, the first arm of study ${study.name}; leave it out, or put another initialisation first`,
        { status: 422 },
      );
  }
}

/** Whether a trial has the same tasks at both ends of an unconditional parameter. */
function decidesNothing(study: StudyConfig, parameter: Parameter, circumstances: Circumstances): boolean {
  if (parameter.when) return false;
  const ends = parameter.kind === "category" ? parameter.choices : [parameter.low, parameter.high];
  try {
    const keys = ends.map((value) =>
      planStudy(trialStudy(study, { [parameter.path]: value }, 0), circumstances)
        .filter(({ stage }) => stage === "finetune")
        .map(({ key }) => key)
        .join(),
    );
    return new Set(keys).size === 1;
  } catch (error) {
    if (error instanceof UserError) return false; // by itself it is refused, with others of the space it is not
    throw error;
  }
}

/** The study's own settings as a point of the space, or why they are none: the path and the value that it lacks. */
export function ownPoint(study: StudyConfig, space: Space): { params: Params } | { outside: string } {
  const params: Params = {};
  for (const parameter of parentsFirst(space)) {
    if (!isActive(parameter, params)) continue;
    const value = parameter.path.split(".").reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], study);
    const alone = { ...parameter, when: undefined };
    if (!fits([alone], { [parameter.path]: value as Params[string] })) return { outside: `${parameter.path} = ${JSON.stringify(value)}` };
    params[parameter.path] = value as Params[string];
  }
  return { params };
}
