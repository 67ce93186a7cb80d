/** @file Wilson's score interval of a share. For independent cases. Reference: Wilson 1927, doi:10.1080/01621459.1927.10502953. */
import { normalQuantile } from "./normal.ts";

/**
 * @param successes of `total` independent cases
 * @returns within 0–1, and never of no width; 0 and 1 for no cases
 */
export function wilson(successes: number, total: number, level = 0.95): { low: number; high: number } {
  if (!(successes >= 0 && successes <= total)) throw new RangeError(`wilson: successes must be within 0 and ${total}, got ${successes}`);
  if (total === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + level) / 2);
  const share = successes / total;
  const centre = (share + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const reach = (z / (1 + z ** 2 / total)) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  return { low: successes === 0 ? 0 : centre - reach, high: successes === total ? 1 : centre + reach };
}
