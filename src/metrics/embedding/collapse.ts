/**
 * @file Whether embeddings collapsed, and what to do about it, in words.
 * Thresholds are ours. Where dimensions vary alike, `std²·d` is 1 minus the mean cosine of two images (else less), which gives them a
 * meaning; dimensional collapse: Jing et al. 2022, arXiv 2110.09348. The cures for prototypes are those of the authors of SwAV (facebookresearch/swav, README).
 */

export interface EmbeddingHealth {
  /** `embeddingStd` */
  std: number;
  /** Dimensions of an embedding. */
  d: number;
  /** Embeddings that were measured. */
  n: number;
  /** `rankMe` */
  rankMe: number;
  /** SwAV only. */
  prototypes?: {
    /** Mean loss of the last epoch. */
    loss: number;
    count: number;
    /** `prototypeOccupancy(…).entropy` */
    occupancy: number;
  };
  /** Share of the run that is done, 0–1; taken as all of it where absent. */
  progress?: number;
}

export interface Verdict {
  collapsed: boolean;
  /** One sentence for the person who waits for the run: what was seen, and what to change. */
  advice: string;
}

/** No verdict before this share of a run: embeddings often narrow at first, and SwAV starts at ln k, which small crops keep it near for longer. */
const TOO_EARLY = 0.25;
/** `std·√d` below this: that is a mean cosine of 0.94. (Batch norm in a projector keeps a collapsed one from 1.) */
const POINT = 0.25;
/** Below this a warning: a cosine of 0.75. */
const CONE = 0.5;
/** RankMe below this: one line through the origin holds nearly everything. Said only of 4 dimensions and images or more. */
const LINE = 2;
/** RankMe over the most it could be, below this a warning. */
const FEW_DIMENSIONS = 0.1;
/** SwAV's loss over ln k, above this: the prediction is no better than chance. */
const CHANCE = 0.99;
/** Entropy of prototypes' shares over ln k, below this: a handful has all images. */
const FEW_PROTOTYPES = 0.1;

/**
 * Judges the embeddings that the loss compares, of images that were not picked for being alike. Not the encoder's features: behind a
 * rectifier they lie in a cone from the start, and they stay there, spread as before, when embeddings collapse.
 */
export function collapseVerdict(health: EmbeddingHealth): Verdict {
  const { std, d, n, rankMe, prototypes, progress = 1 } = health;
  const share = std * Math.sqrt(d);
  const most = Math.min(n, d);
  const spread = `${Math.round(100 * share)} % of an even spread`;
  const dimensions = `${rankMe.toFixed(1)} of ${most} dimensions`;
  const collapsed = (advice: string): Verdict => ({ collapsed: true, advice });
  const fine = (advice: string): Verdict => ({ collapsed: false, advice });

  if (!Number.isFinite(share) || !Number.isFinite(rankMe))
    return collapsed("Embeddings are not finite: lower the learning rate, or clip the gradient.");
  if (progress < TOO_EARLY) return fine(`Too early to tell: ${Math.round(100 * progress)} % of the run are done.`);
  if (share < POINT)
    return collapsed(
      `Nearly all images have one embedding, or one of two (${spread}): halve the learning rate or double the warm-up; if that does not help, raise the batch size, or take a loss that pushes images apart (simclr, vicreg).`,
    );
  if (most >= 4 && rankMe < LINE)
    return collapsed(
      `Embeddings use ${dimensions}: the task is solved by one feature, such as brightness or depth; augment that feature more strongly, or take a loss that keeps dimensions apart (vicreg, barlow twins).`,
    );
  if (prototypes && prototypes.loss > CHANCE * Math.log(prototypes.count))
    return collapsed(
      `The loss (${prototypes.loss.toFixed(2)}) has not left ln ${prototypes.count} = ${Math.log(prototypes.count).toFixed(2)}, which is chance: lower epsilon (0.03, then 0.02), freeze prototypes for longer, or take fewer prototypes.`,
    );
  if (prototypes && prototypes.occupancy < FEW_PROTOTYPES)
    return collapsed(
      `A handful of ${prototypes.count} prototypes has nearly all images: take fewer prototypes, a larger batch or a queue, and softer augmentation.`,
    );
  if (share < CONE) return fine(`Embeddings lie in a narrow cone (${spread}): watch whether it widens; if not, lower the learning rate.`);
  if (rankMe < FEW_DIMENSIONS * most)
    return fine(`Embeddings use only ${dimensions}: stronger augmentation or a larger batch should widen them.`);
  return fine(`Embeddings are well apart (${spread}, ${dimensions}): nothing to do.`);
}
