/** @file The root of a rising function of one number: Newton's steps, and halves of a bracket where a step would leave it. Reference: Press et al. 2007, Numerical Recipes, §9.4 (rtsafe). */

/**
 * @param at value and derivative (at least 0) at x
 * @param options.low @param options.high ends of the bracket
 * @param options.start where to begin, between both
 * @returns within 1e-12 of the bracket's width, and far nearer where the function is smooth; an end where the function has no root before it
 */
export function risingRoot(
  at: (x: number) => readonly [value: number, derivative: number],
  { low, high, start }: { low: number; high: number; start: number },
): number {
  const near = 1e-12 * (high - low); // where steps are so short, each squares what is left of the error
  const ends = { low, high };
  let x = start;
  for (let left = 200; left > 0; left--) {
    const [value, derivative] = at(x);
    if (value === 0) return x;
    if (value > 0) high = x;
    else low = x;
    const newton = x - value / derivative; // ±Infinity where the function is flat
    if (Math.abs(newton - x) <= near) return x; // before the bracket is asked: x is an end of it, and a step of nothing is not inside
    // an end is looked at only when a step would leave by it
    if (newton <= low && low === ends.low && at(low)[0] >= 0) return low;
    if (newton >= high && high === ends.high && at(high)[0] <= 0) return high;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (high - low <= near) return next;
    x = next;
  }
  return x;
}
