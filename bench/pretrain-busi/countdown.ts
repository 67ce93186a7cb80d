/** @file Says on stderr how far a list of jobs is, and about how long it will take. */

/** Minutes and seconds. */
export const duration = (ms: number): string => (ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);

/** Call the result after each job that was done. */
export function countdown(what: string, { total, held }: { total: number; held: number }, now: () => number): (name: string) => void {
  const began = now();
  let done = 0;
  process.stderr.write(`${what}: ${total - held} to do${held > 0 ? `, ${held} done before` : ""}\n`);
  return (name) => {
    const passed = now() - began;
    const left = total - held - ++done;
    const rest = left > 0 ? `, about ${duration((passed / done) * left)} left of this part` : "";
    process.stderr.write(`[${held + done}/${total}] ${what}: ${name}, after ${duration(passed)}${rest}\n`);
  };
}
