/** @file One bar with ETA for one long piece of work: a bar in a terminal, a plain line now and then elsewhere. Always on stderr. */
import { Presets, SingleBar } from "cli-progress";

/** A plain line is printed at most this often, and a bar appears only for work that lasts longer than the second. */
const PLAIN_EVERY_MS = 15_000;
const PATIENCE_MS = 500;

export interface ProgressBar {
  update(done: number, total: number): void;
  close(): void;
}

/** @param now in ms */
export function progressBar(label: string, now: () => number, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  const begun = now();
  let said = begun;
  let bar: SingleBar | undefined;
  return {
    update(done, total) {
      const time = now();
      if (stream.isTTY && time - begun > PATIENCE_MS && !bar) {
        bar = new SingleBar(
          { stream, clearOnComplete: true, hideCursor: true, format: `${label} {bar} {value}/{total}  ETA {eta_formatted}` },
          Presets.shades_classic,
        );
        bar.start(total, done);
      }
      bar?.update(done);
      if (stream.isTTY || time - said < PLAIN_EVERY_MS || done === 0) return;
      said = time;
      stream.write(`${label}: ${done} of ${total}, about ${((((time - begun) / done) * (total - done)) / 1000).toFixed(0)} s left\n`);
    },
    close: () => bar?.stop(),
  };
}
