/** @file Cases to look at: of each class the highest, the middle and the lowest score, so that errors are shown too; never chosen by their maps. */
import type { Frames } from "../../src/data/frames/frames.ts";
import { range } from "../../src/util/rng.ts";
import { scaleLimit } from "../colour.ts";
import type { Cohort, CohortMethod } from "../cohort.ts";
import { encodeOverlay } from "../overlay.ts";
import { dataUri } from "./data-uri.ts";

/** One case: the frame and each method's map over it, as data URIs. */
export interface ReportCase {
  image: string;
  label: number;
  /** of the positive class, calibrated, by the model that never saw the image */
  probability: number;
  pictures: { title: string; src: string }[];
}

/** Which images are shown, by their places in the cohort, and how. */
export interface CaseChoice {
  positions: readonly number[];
  /** of the positive class, of every image of the cohort */
  probabilities: readonly number[];
  methods: readonly CohortMethod[];
}

const SIDE = 224;

/** Positions of the cases, by falling score within each class. */
export function chooseCases(labels: ArrayLike<number>, scores: ArrayLike<number>): number[] {
  return [1, 0].flatMap((label) => {
    const ranked = range(labels.length)
      .filter((i) => labels[i] === label)
      .sort((a, b) => scores[b] - scores[a]);
    return [...new Set([0, ranked.length >> 1, ranked.length - 1])].flatMap((at) => ranked[at] ?? []);
  });
}

/** Pictures of the images at `positions`: the frame, then each of `methods` over it. The lesion is outlined. */
export async function reportCases(
  cohort: Cohort,
  frames: Frames,
  { positions, probabilities, methods }: CaseChoice,
): Promise<ReportCase[]> {
  const { size } = frames;
  const limits = methods.map(({ maps }) => scaleLimit(maps.values)); // of all maps, so that cases compare
  const cases: ReportCase[] = [];
  for (const i of positions) {
    const plane = (values: Uint8Array) => values.subarray(i * size * size, (i + 1) * size * size);
    const picture = async (title: string, map: Parameters<typeof encodeOverlay>[0]["map"]) => ({
      title,
      src: dataUri("jpeg", await encodeOverlay({ frame: plane(frames.pixels), size, lesion: plane(frames.lesion), map }, SIDE, "jpeg")),
    });
    const pictures = [await picture("frame", null)];
    for (const [m, { method, maps }] of methods.entries()) {
      const cells = maps.rows * maps.columns;
      pictures.push(
        await picture(`${method}, ±${limits[m].toPrecision(2)}`, {
          values: maps.values.subarray(i * cells, (i + 1) * cells),
          rows: maps.rows,
          columns: maps.columns,
          limit: limits[m],
        }),
      );
    }
    const { id, label } = cohort.images[i];
    cases.push({ image: id, label, probability: probabilities[i], pictures });
  }
  return cases;
}
