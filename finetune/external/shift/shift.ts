/** @file Everything that tells how the other data set differs from the study's, each with its meaning in words. */
import { armName } from "../../../src/config/arm.ts";
import type { Shift } from "../../../src/config/shift.ts";
import { groupBootstrap, pick } from "../../../src/metrics/group-bootstrap.ts";
import { mean } from "../../../src/metrics/moments.ts";
import { rngOf } from "../../../src/util/rng.ts";
import type { EvaluationTerms } from "../../evaluation/terms.ts";
import type { Internal } from "../beside-internal.ts";
import type { ArmMembers } from "../evaluate-external.ts";
import { ensemblePredictions, type Case } from "../members.ts";
import { domainShift, type Featured } from "./domain.ts";
import { imageFactShift, type Pictured } from "./image-facts.ts";
import { labelShift } from "./label-shift.ts";
import { recalibration } from "./recalibration.ts";
import { dealtPredictions, scoreShift } from "./scores.ts";

export interface Compared {
  /** study and other data set; null where the study's images are not there */
  pictured: [study: Pictured, external: Pictured] | null;
  /** frozen features of the first model: of the images that it held out, and of the other data set */
  featured: { model: string; study: Featured; external: Featured } | null;
}

const MEANING = {
  facts:
    "Means of the other data set minus the study's, in pooled standard deviations (Austin 2009; from 0.1 on samples count as unbalanced), with 95 % intervals over groups. Sizes are of the files; grey levels are of the frames that the network sees. A difference does not say that it changes predictions.",
  prevalence:
    "Share of positives among images. It moves predictive values and decision curves even where the model ranks as well as before; AUROC does not depend on it.",
  scores:
    "Calibrated probabilities of single models, out of fold in the study; each group of the other data set is shown to one model alone, as each group of the study was. ks is the largest distance of the distribution functions, wasserstein the area between them in units of probability, p by exchange of groups between the data sets. A shift within a class is a change of images; one over all images alone may be a change of how frequent classes are.",
  labelShift:
    "The share of positives that the scores of the other data set speak for, told without its labels, if nothing but that share had changed (Saerens et al. 2002; probabilities are first fitted to the study's own share by its out-of-fold predictions). Where the interval misses the true share, images of a class have changed too.",
  recalibration:
    "A line through the log-odds of the ensemble, fitted on the other data set: what local recalibration would gain in log loss and Brier score on groups that it was not fitted to. It is not applied: every other result keeps the calibration of training.",
  domain:
    "How well a logistic model on principal components of frozen features tells images of the other data set from images of the study that the network held out, in held-out groups: 0.5 means that the network sees no difference, 1 that it sees them as two worlds. p by exchange of groups. A high value asks for caution, it does not show that the classifier fails.",
} as const;

export function shiftOf(
  arms: readonly ArmMembers[],
  cases: readonly Case[],
  internal: ReadonlyMap<string, Internal>,
  { pictured, featured }: Compared,
  { data, seed, analysis }: EvaluationTerms,
): Shift {
  const { bootstraps, permutations } = analysis;
  const positive = data.classes.at(-1)!;
  const classes: [string, string] = [data.classes.slice(0, -1).join(" or "), positive];
  const labels = cases.map(({ label }) => Number(label === positive));
  const sides = arms.flatMap(({ arm, members }) => {
    const own = internal.get(armName(arm))?.replicates[0];
    return own ? [{ name: armName(arm), study: own, external: dealtPredictions(cases, members, seed) }] : [];
  });
  const domain = featured && domainShift(featured.study, featured.external, { model: featured.model, seed, bootstraps });
  return {
    facts: pictured && { meaning: MEANING.facts, found: imageFactShift(...pictured, { seed, bootstraps }) },
    prevalence: {
      meaning: MEANING.prevalence,
      found: {
        study: sides.length > 0 ? mean(sides[0].study.map(({ label }) => Number(label === positive))) : null,
        external: groupBootstrap({
          ...{ groups: cases.map(({ group }) => group), bootstraps, rng: rngOf(seed, "external", "prevalence") },
          statistic: (rows) => mean(pick(labels, rows)),
        }),
      },
    },
    scores:
      sides.length > 0
        ? {
            meaning: MEANING.scores,
            found: sides.flatMap(({ name, study, external }) => scoreShift(name, study, external, { classes, seed, permutations })),
          }
        : null,
    labelShift:
      sides.length > 0
        ? {
            meaning: MEANING.labelShift,
            found: sides.flatMap(({ name, study, external }) => labelShift(name, study, external, { positive, seed, bootstraps }) ?? []),
          }
        : null,
    recalibration: {
      meaning: MEANING.recalibration,
      found: arms.flatMap(
        ({ arm, members }) => recalibration(armName(arm), ensemblePredictions(cases, members), { positive, seed, bootstraps }) ?? [],
      ),
    },
    domain: domain && { meaning: MEANING.domain, found: domain },
  };
}
