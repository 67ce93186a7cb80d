/**
 * @file What changes over a training run: the learning rate (linear warm-up, then half a cosine to the end value), and the share that a
 * moving average keeps.
 * Reference: Goyal et al. 2017, arXiv 1706.02677, §2.2 (warm-up); Loshchilov & Hutter 2017, arXiv 1608.03983, eq. 5 (cosine); Grill et al.
 * 2020, Bootstrap your own latent, arXiv 2006.07733, §3.2 (moving average).
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
  /**
   * `plain` (the default, torch's CosineAnnealingLR): the warm-up starts at 0, and the end value belongs to the update after the last one,
   * so that the last one still moves. `lightly`: both come one update earlier; for comparisons with it.
   */
  form?: "plain" | "lightly";
}

/** Learning rate of update `step` (0 is the first): `step/warmup·peak` in the warm-up, which a step after it has a full cosine. */
export function learningRateAt({ peak, end = 0, steps, warmup, form = "plain" }: Schedule, step: number): number {
  const early = form === "lightly" ? 1 : 0;
  if (step < warmup) return (peak * (step + early)) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup - early));
  return end + ((peak - end) * (1 + Math.cos(Math.PI * progress))) / 2;
}

export interface TauSchedule {
  /** Share kept at the first update; it rises to 1. */
  base: number;
  /** Updates in the whole run. */
  steps: number;
  /**
   * `paper` (the default) reaches 1 at update `steps`, after the last one, so that every update moves the average; `lightly` reaches it at
   * the last, which then moves nothing.
   */
  form?: "paper" | "lightly";
}

/** Share that the moving average keeps at update `step` (0 is the first): `1 - (1 - base)·(cos(π·step/steps) + 1)/2`. */
export function tauAt({ base, steps, form = "paper" }: TauSchedule, step: number): number {
  const progress = Math.min(1, step / Math.max(1, form === "lightly" ? steps - 1 : steps));
  return 1 - ((1 - base) * (Math.cos(Math.PI * progress) + 1)) / 2;
}
