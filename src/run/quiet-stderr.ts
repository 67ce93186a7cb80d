/** @file Passes a process's stderr on, without TensorFlow's notes about itself: it has no switch that silences them all. */
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";

/** "I0000 00:00:…" and "W0000 …" are absl's info and warning lines; errors (E, F) pass. */
const NOTE = /^(WARNING: All log messages before absl::InitializeLog|[IW]\d{4} \d\d:\d\d:\d+)/;

export const isNote = (line: string): boolean => NOTE.test(line);

/** Writes every line of `stderr` that is no note to `out`. */
export function passOn(stderr: Readable, out: NodeJS.WritableStream = process.stderr): void {
  createInterface({ input: stderr }).on("line", (line) => {
    if (!isNote(line)) out.write(`${line}\n`);
  });
}
