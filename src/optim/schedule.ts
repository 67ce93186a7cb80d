/**
 * @file Learning rate over a training run: linear warm-up, then half a cosine to the end value.
 * Reference: Goyal et al. 2017, arXiv 1706.02677, §2.2 (warm-up); Loshchilov & Hutter 2017, arXiv 1608.03983, eq. 5 (cosine).
 */
export interface Schedule {
  /** Highest rate, reached when the warm-up ends. */
  peak: number;
  /** Rate at `steps`; 0 where absent. */
  end?: number;
  /** Updates in the whole run. */
  steps: number;
  /** Updates of the warm-up, 0 … steps. */
  warmup: number;
}

/** Learning rate of update `step` (0 is the first): `step/warmup·peak` in the warm-up, which a step after it has a full cosine. */
export function learningRateAt({ peak, end = 0, steps, warmup }: Schedule, step: number): number {
  if (step < warmup) return (peak * step) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return end + ((peak - end) * (1 + Math.cos(Math.PI * progress))) / 2;
}
