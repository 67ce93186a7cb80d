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

/** An AbortSignal that fires on SIGINT or SIGTERM. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const by of ["SIGINT", "SIGTERM"] as const)
    process.on(by, () => {
      if (controller.signal.aborted) process.exit(130);
      process.stderr.write("\nstopping: runs are marked KILLED (again to end at once) …\n");
      controller.abort(new Interrupted(by));
    });
  return controller.signal;
}
