/** @file One look at the embeddings of some images: what is logged of them, and whether they collapsed. */
import { alignment, uniformity } from "../../src/metrics/embedding/alignment-uniformity.ts";
import { collapseVerdict, type Verdict } from "../../src/metrics/embedding/collapse.ts";
import { embeddingStd } from "../../src/metrics/embedding/embedding-std.ts";
import { prototypeOccupancy } from "../../src/metrics/embedding/prototype-occupancy.ts";
import { rankMe } from "../../src/metrics/embedding/rank-me.ts";
import type { Rows } from "../../src/metrics/embedding/unit-rows.ts";

/** What is looked at. */
export interface Seen {
  /** embeddings of both views of the same images [n][d], n ≥ 2 */
  first: Rows;
  second: Rows;
  /** scores of prototypes [n][k]; none where the method has none */
  scores: Rows;
  /** mean loss of the epoch */
  meanLoss: number;
  /** share of the run that is done, 0–1 */
  progress: number;
}

/** @returns points by metric name; the ones with `even` and `ln_prototypes` are lines to compare with */
export function look({ first, second, scores, meanLoss, progress }: Seen): { points: Record<string, number>; verdict: Verdict } {
  const [n, d] = [first.length, first[0].length];
  const [std, rank] = [embeddingStd(first), rankMe(first)];
  const count = scores[0]?.length ?? 0;
  const occupancy = count > 1 ? prototypeOccupancy(scores) : undefined;
  const points = {
    "watch/embedding_std": std,
    "watch/embedding_std_even": 1 / Math.sqrt(d),
    "watch/rank_me": rank,
    "watch/alignment": alignment(first, second),
    "watch/uniformity": uniformity(first),
    ...(occupancy && {
      "watch/prototype_entropy": occupancy.entropy,
      "watch/prototypes_used": occupancy.used,
      "watch/ln_prototypes": Math.log(count),
    }),
  };
  const prototypes = occupancy && { loss: meanLoss, count, occupancy: occupancy.entropy };
  return { points, verdict: collapseVerdict({ std, rankMe: rank, n, d, progress, ...(prototypes && { prototypes }) }) };
}
