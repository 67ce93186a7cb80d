/** @file Ctrl-C, SIGTERM and SIGUSR2: one AbortSignal for the whole command; a second Ctrl-C ends at once. */
import { EXIT_STOPPED, STOP_SIGNALS } from "../run/stage.ts";

/** A person, or a scheduler, asks the command to stop. */
const signals = ["SIGINT", ...STOP_SIGNALS] as const;

/** 128 + signal number, as shells have it. */
const EXIT_CTRL_C = 130;

/** The reason of the signal. A job script requeues on the exit code of SIGTERM and SIGUSR2. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(by: (typeof signals)[number]) {
    super(`stopped by ${by}`);
    this.exitCode = by === "SIGINT" ? EXIT_CTRL_C : EXIT_STOPPED;
  }
}

/** An AbortSignal that fires on the first of these signals, until `release` gives them back to Node. */
export function interruptSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const listeners = signals.map((by) => {
    const listener = () => {
      if (controller.signal.aborted && by !== "SIGINT") return; // schedulers repeat themselves; the first one is being obeyed
      if (controller.signal.aborted) process.exit(EXIT_CTRL_C);
      controller.abort(new Interrupted(by)); // first, so that progress bars are gone before the line is written
      process.stderr.write("\nstopping: checkpoints are written, runs are marked KILLED (Ctrl-C ends at once) …\n");
    };
    process.on(by, listener);
    return () => process.off(by, listener);
  });
  return { signal: controller.signal, release: () => listeners.forEach((remove) => remove()) };
}
