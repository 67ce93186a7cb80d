/** @file Ctrl-C and SIGTERM: one AbortSignal for the whole command; a second Ctrl-C ends at once. */

/** The reason of the signal; exit codes are the shell's: 128 + signal number. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(by: "SIGINT" | "SIGTERM") {
    super(`stopped by ${by}`);
    this.exitCode = by === "SIGINT" ? 130 : 143;
  }
}

/** An AbortSignal that fires on SIGINT or SIGTERM, until `release` gives both back to Node. */
export function interruptSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const listeners = (["SIGINT", "SIGTERM"] as const).map((by) => {
    const listener = () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Interrupted(by)); // first, so that progress bars are gone before the line is written
      process.stderr.write("\nstopping: runs are marked KILLED (again to end at once) …\n");
    };
    process.on(by, listener);
    return () => process.off(by, listener);
  });
  return { signal: controller.signal, release: () => listeners.forEach((remove) => remove()) };
}
