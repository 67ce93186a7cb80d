/** @file Several models of one study as one: the mean of their calibrated probabilities, and what is decided by it. */
import type { OnnxMetadata } from "../config/onnx.ts";
import { mean } from "../metrics/moments.ts";
import { range } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";
import type { Member } from "./member.ts";

/** From which probability of the positive class on an image is called positive; without one the most probable class is told. */
export type Threshold = OnnxMetadata["thresholds"][number];

export interface Ensemble {
  classes: string[];
  positiveClass: string;
  imageSize: number;
  /** what is asked, in words */
  sentence: string;
  /** the members' thresholds by rule, each the mean over members; [] where not all have chosen one */
  thresholds: Threshold[];
  /** @param levels [n, size, size] @returns mean over members of the probabilities, [n][classes] */
  probabilities(levels: Uint8Array): Promise<number[][]>;
  close(): Promise<void>;
}

/** @param members at least one @throws UserError where they are not of one kind */
export function ensembleOf(members: readonly Member[]): Ensemble {
  const [first] = members;
  const { classes, positiveClass, imageSize } = first.metadata;
  for (const { source, metadata } of members)
    for (const key of ["imageSize", "classes"] as const)
      if (metadata[key].toString() !== first.metadata[key].toString())
        throw new UserError(
          `${source}: the model's ${key} is ${metadata[key].toString()}, and that of ${first.source} is ${first.metadata[key].toString()}; ask models of one study`,
          { status: 422 },
        );
  const thresholds = first.metadata.thresholds.flatMap(({ rule, meaning }) => {
    const values = members.flatMap(({ metadata }) => metadata.thresholds.filter((each) => each.rule === rule).map(({ value }) => value));
    return values.length < members.length ? [] : [{ rule, meaning, value: mean(values) }];
  });
  return {
    classes,
    positiveClass,
    imageSize,
    sentence:
      members.length === 1
        ? first.source
        : `mean of the probabilities of ${members.length} models${thresholds.length > 0 ? ", and of their thresholds" : ""}: ${members.map(({ source }) => source).join(", ")}`,
    thresholds,
    async probabilities(levels) {
      const found: Float32Array[] = [];
      for (const member of members) found.push(await member.probabilities(levels));
      const of = (image: number, k: number) => mean(found.map((values) => values[image * classes.length + k]));
      return range(levels.length / imageSize ** 2).map((image) => classes.map((_, k) => of(image, k)));
    },
    async close() {
      for (const member of members) await member.close();
    },
  };
}

/** What decides where the user does not say: the first rule that the models chose a threshold by, else the most probable class. */
const MOST_PROBABLE = "most-probable";

/**
 * @param asked a rule's name, a number from 0 to 1, `most-probable`, or nothing
 * @returns undefined for the most probable class
 * @throws UserError where the models have no such threshold
 */
export function thresholdOf({ thresholds, positiveClass }: Ensemble, asked: string | undefined): Threshold | undefined {
  if (asked === undefined) return thresholds[0];
  if (asked === MOST_PROBABLE) return undefined;
  const value = Number(asked);
  if (asked.trim() !== "" && value >= 0 && value <= 1)
    return { rule: "given", value, meaning: `probability of ${positiveClass} as the user gave it` };
  const found = thresholds.find(({ rule }) => rule === asked);
  if (found) return found;
  const known = [...thresholds.map(({ rule }) => rule), MOST_PROBABLE].join(", ");
  throw new UserError(`--threshold ${asked}: the model has no threshold of this name; give one of ${known}, or a number from 0 to 1`);
}

/** The positive class at or above the threshold, else the most probable of the others; the first of equals. */
export function decide(
  { classes, positiveClass }: Pick<Ensemble, "classes" | "positiveClass">,
  shares: readonly number[],
  threshold?: Threshold,
): string {
  const positive = classes.indexOf(positiveClass);
  if (threshold && shares[positive] >= threshold.value) return positiveClass;
  const others = shares.map((share, k) => (threshold && k === positive ? -Infinity : share));
  return classes[others.indexOf(Math.max(...others))];
}
