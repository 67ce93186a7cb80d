/** @file When a run was, and how long it took. */
const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param ms since 1970 */
export const timeOf = (ms: number): string => time.format(ms);

/** "1 min 35 s"; a dash while the run has no end. */
export function durationOf({ startTime, endTime }: { startTime: number; endTime: number | null }): string {
  if (endTime === null) return "–";
  const seconds = (endTime - startTime) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
