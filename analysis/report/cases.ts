/** @file Cases to look at: of each class the highest, the middle and the lowest score, so that errors are shown too; never chosen by their maps. */
import type { Frames } from "../../src/data/frames/frames.ts";
import { range } from "../../src/util/rng.ts";
import { scaleLimit } from "../colour.ts";
import type { Cohort } from "../cohort.ts";
import { encodeOverlay } from "../overlay.ts";
import { dataUri } from "./data-uri.ts";

/** One case: the frame and each method's map over it, as data URIs. */
export interface ReportCase {
  image: string;
  label: number;
  /** of the positive class, by the model that never saw the image */
  probability: number;
  pictures: { title: string; src: string }[];
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

export async function reportCases(cohort: Cohort, frames: Frames, scores: readonly number[]): Promise<ReportCase[]> {
  const { size } = frames;
  const limits = cohort.methods.map(({ maps }) => scaleLimit(maps.values));
  const cases: ReportCase[] = [];
  for (const i of chooseCases(
    cohort.images.map(({ label }) => label),
    scores,
  )) {
    const plane = (values: Uint8Array) => values.subarray(i * size * size, (i + 1) * size * size);
    const picture = async (title: string, map: Parameters<typeof encodeOverlay>[0]["map"]) => ({
      title,
      src: dataUri("jpeg", await encodeOverlay({ frame: plane(frames.pixels), size, lesion: plane(frames.lesion), map }, SIDE, "jpeg")),
    });
    const pictures = [await picture("frame", null)];
    for (const [m, { method, maps }] of cohort.methods.entries()) {
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
    cases.push({ image: id, label, probability: 1 / (1 + Math.exp(-scores[i])), pictures });
  }
  return cases;
}
