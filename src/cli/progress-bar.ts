/** @file A bar with ETA for each long piece of work: a bar in a terminal, a plain line now and then elsewhere. Always on stderr. */
import { Presets, SingleBar } from "cli-progress";

/** A plain line is printed at most this often, and a bar appears only for work that lasts longer than PATIENCE_MS. */
const PLAIN_EVERY_MS = 15_000;
const PATIENCE_MS = 500;

export interface ProgressBar {
  /** `what` names the piece of work; another one starts a bar of its own. */
  update(done: number, total: number, what: string): void;
  close(): void;
}

/** @param now in ms */
export function progressBar(now: () => number, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  let current: { what: string; begun: number; said: number; bar?: SingleBar } | undefined;
  return {
    update(done, total, what) {
      const time = now();
      if (current?.what !== what) {
        current?.bar?.stop();
        current = { what, begun: time, said: time };
      }
      const { begun, said } = current;
      if (stream.isTTY && time - begun > PATIENCE_MS && !current.bar) {
        current.bar = new SingleBar(
          { stream, clearOnComplete: true, hideCursor: true, format: `${what} {bar} {value}/{total}  ETA {eta_formatted}` },
          Presets.shades_classic,
        );
        current.bar.start(total, done);
      }
      current.bar?.update(done);
      if (stream.isTTY || time - said < PLAIN_EVERY_MS || done === 0) return;
      current.said = time;
      stream.write(`${what}: ${done} of ${total}, about ${((((time - begun) / done) * (total - done)) / 1000).toFixed(0)} s left\n`);
    },
    close: () => current?.bar?.stop(),
  };
}
