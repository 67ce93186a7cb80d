/** @file The normal distribution between two ends that hold its mean: mass and draws. */
import { normalCdf, normalQuantile } from "../metrics/normal.ts";

/** P(a < Z ≤ b), from the tail that keeps its digits; 0 beyond 38 standard deviations. */
export const normalMass = (a: number, b: number): number => (a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a));

/**
 * The point of N(mean, sd²), truncated to [low, high], below which lies the share `u`.
 * @param mean within [low, high]: then the truncated mass is never small, and no care for tails is needed
 */
export function truncatedQuantile(u: number, mean: number, sd: number, low: number, high: number): number {
  const below = normalCdf((low - mean) / sd);
  const z = normalQuantile(below + u * normalMass((low - mean) / sd, (high - mean) / sd));
  return Math.min(high, Math.max(low, mean + sd * z));
}
