/**
 * @file Predicted against observed: cases in bins of equal mass by their probability, for the eye and for the expected calibration error.
 * Reference: Naeini, Cooper & Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602; Nguyen & O'Connor 2015, doi:10.18653/v1/D15-1182 (equal mass).
 */
import { tally, type Tallies } from "./tallies.ts";
import { wilson } from "./wilson.ts";

/** Cases whose probabilities lie together. */
export interface ReliabilityBin {
  cases: number;
  /** mean probability of the cases */
  predicted: number;
  /** share of positives among them, with Wilson's 95 % interval, which takes cases as independent (reliabilityBand takes groups) */
  observed: number;
  low: number;
  high: number;
}

/**
 * The bin of each level, by this rule: cases in rising order are cut into `bins` runs whose lengths differ by at most one, longer ones first (as
 * `numpy.array_split`), and all cases of one probability go where their middle case lies. So equal probabilities are never in two bins, and
 * where there are none the bins are exactly the runs.
 * @returns [levels], 0 = lowest probabilities; with many ties some bins have no level
 */
export function binOfLevels({ positives, negatives, m, n }: Tallies, bins: number): Int32Array {
  if (!(Number.isInteger(bins) && bins > 0)) throw new RangeError(`reliabilityCurve: bins must be a whole number above 0, got ${bins}`);
  const [short, longer] = [Math.floor((m + n) / bins), (m + n) % bins];
  const binOf = new Int32Array(positives.length);
  for (let i = binOf.length - 1, below = 0; i >= 0; i--) {
    const cases = positives[i] + negatives[i];
    const middle = below + Math.max(0, Math.ceil(cases / 2) - 1);
    const inLonger = longer * (short + 1);
    binOf[i] = middle < inLonger ? Math.floor(middle / (short + 1)) : longer + Math.floor((middle - inLonger) / Math.max(1, short));
    below += cases;
  }
  return binOf;
}

/** Sums over the cases of each bin. [bins] each */
export interface BinSums {
  cases: Float64Array;
  positives: Float64Array;
  /** of the probabilities */
  predicted: Float64Array;
}

/** @param binOf [levels] as {@link binOfLevels} gives them */
export function sumBins({ scores, positives, negatives }: Tallies, binOf: ArrayLike<number>, bins: number): BinSums {
  const sums = { cases: new Float64Array(bins), positives: new Float64Array(bins), predicted: new Float64Array(bins) };
  for (let i = scores.length - 1; i >= 0; i--) {
    const cases = positives[i] + negatives[i];
    sums.cases[binOf[i]] += cases;
    sums.positives[binOf[i]] += positives[i];
    sums.predicted[binOf[i]] += cases * scores[i];
  }
  return sums;
}

/** @throws RangeError where a score is no probability */
export function checkProbabilities(name: string, { scores }: Tallies): void {
  // in order, so the ends tell
  for (const p of [scores[0], scores.at(-1)])
    if (p !== undefined && !(p >= 0 && p <= 1)) throw new RangeError(`${name}: probabilities must be within 0 and 1, got ${p}`);
}

/**
 * Bins from low to high, empty ones left out.
 * @param labels [cases], 1 = positive
 * @param probabilities [cases], 0–1, of the positive class
 */
export function reliabilityCurve(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 15): ReliabilityBin[] {
  const tallies = tally("reliabilityCurve", labels, probabilities);
  checkProbabilities("reliabilityCurve", tallies);
  const { cases, positives, predicted } = sumBins(tallies, binOfLevels(tallies, bins), bins);
  return Array.from(cases, (count, b) => ({
    cases: count,
    predicted: predicted[b] / count,
    observed: positives[b] / count,
    ...wilson(positives[b], count),
  })).filter((bin) => bin.cases > 0);
}
