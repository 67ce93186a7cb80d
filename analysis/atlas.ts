/**
 * @file Mean maps registered by the lesion: each map moved to the lesion's centre and scaled by its size, then averaged by class.
 * Unregistered means would show where lesions lie, not where the network looks. For eyes: tests run on zones.
 */
import { rowsByGroup } from "../src/metrics/groups.ts";

/** Registered mean density of absolute mass: 1 = the map's average; NaN where fewer than half of the groups reach. */
export interface Atlas {
  /** cells along each side */
  side: number;
  /** what the side spans, in equivalent diameters; the lesion's centre is in the middle */
  span: number;
  /** [side, side] by class */
  negative: Float64Array;
  positive: Float64Array;
}

/** One map with what places it. */
export interface RegisteredInput {
  group: string | number;
  label: number;
  /** density of absolute mass at a point of the frame (pixels from the top and left), NaN outside the image */
  densityAt(row: number, column: number): number;
  /** lesion's centre in frame pixels and its equivalent diameter */
  lesion: { row: number; column: number; diameter: number };
}

export function atlas(images: readonly RegisteredInput[], { side = 41, span = 4 } = {}): Atlas {
  const registered = images.map(({ densityAt, lesion }) =>
    Float64Array.from({ length: side * side }, (_, p) => {
      const [down, right] = [Math.floor(p / side), p % side].map((i) => ((i + 0.5) / side - 0.5) * span * lesion.diameter);
      return densityAt(lesion.row + down, lesion.column + right);
    }),
  );
  const groups = rowsByGroup(images.map(({ group }) => group));
  const ofClass = (label: number): Float64Array => {
    const means = groups
      .filter((rows) => rows.every((row) => images[row].label === label))
      .map((rows) =>
        meanOfKnown(
          rows.map((row) => registered[row]),
          1,
        ),
      );
    return meanOfKnown(means, means.length / 2);
  };
  return { side, span, negative: ofClass(0), positive: ofClass(1) };
}

/** Mean of the arrays at each position, over those that are a number there; NaN where these are fewer than `atLeast`. */
function meanOfKnown(arrays: readonly Float64Array[], atLeast: number): Float64Array {
  const sums = new Float64Array(arrays[0]?.length ?? 0);
  const counts = new Int32Array(sums.length);
  for (const array of arrays)
    array.forEach((value, p) => {
      if (Number.isNaN(value)) return;
      sums[p] += value;
      counts[p]++;
    });
  return sums.map((sum, p) => (counts[p] > 0 && counts[p] >= atLeast ? sum / counts[p] : NaN));
}
