/** @file How images of the other data set differ from the study's in what no label is needed for: size, border, drawn marks, grey levels. */
import type { ImageFactShift } from "../../../src/config/shift.ts";
import type { ImageFacts } from "../../../src/data/facts.ts";
import type { Frames } from "../../../src/data/frames/frames.ts";
import { pick } from "../../../src/metrics/group-bootstrap.ts";
import { mean, sd } from "../../../src/metrics/moments.ts";
import { standardisedDifference } from "../../../src/metrics/shift/standardised-difference.ts";
import { unpairedSamples } from "../../../src/metrics/shift/unpaired-bootstrap.ts";
import { range, rngOf } from "../../../src/util/rng.ts";

/** Images of one data set: group, facts and frame of each. */
export interface Pictured {
  groups: readonly string[];
  facts: readonly ImageFacts[];
  frames: Frames;
}

const COLUMNS: [name: string, unit: string, of: (facts: ImageFacts, levels: GreyLevels) => number][] = [
  ["width", "pixels", ({ width }) => width],
  ["height", "pixels", ({ height }) => height],
  ["width / height", "", ({ width, height }) => width / height],
  ["border", "share of the picture", ({ border }) => border],
  ["drawn marks", "share of images", ({ annotated }) => Number(annotated > 0)],
  ["mean grey level", "0–255", (_, { middle }) => middle],
  ["standard deviation of grey levels", "0–255", (_, { spread }) => spread],
];

interface GreyLevels {
  middle: number;
  spread: number;
}

export function imageFactShift(
  study: Pictured,
  external: Pictured,
  { seed, bootstraps }: { seed: number; bootstraps: number },
): ImageFactShift[] {
  const sides = [study, external].map(({ facts, frames, groups }) => ({
    facts,
    groups,
    levels: range(facts.length).map((i) => greyLevels(frames, i)),
  }));
  return COLUMNS.map(([name, unit, of]) => {
    const [a, b] = sides.map(({ facts, groups, levels }) => ({ groups, values: Float64Array.from(facts, (one, i) => of(one, levels[i])) }));
    const found = unpairedSamples({
      ...{ a, b, bootstraps, rng: rngOf(seed, "external", "facts", name) },
      statistic: (rowsA, rowsB) => standardisedDifference(pick(a.values, rowsA), pick(b.values, rowsB)),
    });
    const [one, other] = [a.values, b.values];
    return {
      ...{ name, unit, meanStudy: mean(one), meanExternal: mean(other), sdStudy: sd(one), sdExternal: sd(other) },
      difference: [found.estimate, found.low, found.high].every(Number.isFinite) ? found : null,
    };
  });
}

/** Of the pixels that show the image, not the padding. */
function greyLevels({ pixels, inside, size }: Frames, frame: number): GreyLevels {
  const [from, to] = [frame * size * size, (frame + 1) * size * size];
  const levels = pixels.subarray(from, to).filter((_, at) => inside[from + at] === 1);
  return { middle: mean(levels), spread: sd(levels) };
}
