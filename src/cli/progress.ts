/** @file Shows how a study goes: bars with ETA in a terminal, a plain line now and then elsewhere. Always on stderr. */
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import pc from "picocolors";
import type { Task } from "../config/task.ts";
import type { ExecutorOptions } from "../run/local.ts";

/** A plain line for a task is printed at most this often. */
const PLAIN_EVERY_MS = 15_000;

export interface ProgressDisplay {
  onEvent: ExecutorOptions["onEvent"];
  close(): void;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A display for `total` tasks. `now` in ms. */
export function progressDisplay(total: number, now: () => number, stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? bars(total, now, stream) : lines(total, now, stream);
}

function bars(total: number, now: () => number, stream: NodeJS.WriteStream): ProgressDisplay {
  const width = 28;
  const multi = new MultiBar(
    { stream, clearOnComplete: true, hideCursor: true, format: `{task} {bar} {percentage}%  ETA {eta_formatted}  {note}`, barsize: 24 },
    Presets.shades_classic,
  );
  const all = multi.create(
    total,
    0,
    { task: pc.bold("study".padEnd(width)), note: "" },
    { format: `{task} {bar} {value}/{total} tasks  {duration_formatted}` },
  );
  const active = new Map<string, { bar: SingleBar; started: number }>();
  let closed = false;
  return {
    onEvent(task, event) {
      if (closed) return; // tasks that are stopping still talk
      if (event.kind === "start")
        active.set(task.name, { bar: multi.create(1, 0, { task: task.name.padEnd(width), note: "" }), started: now() });
      const entry = active.get(task.name);
      if (!entry) return;
      if (event.kind === "progress") {
        entry.bar.setTotal(event.total);
        entry.bar.update(event.done, { note: event.note ?? "" });
      }
      if (event.kind === "note") multi.log(`${pc.yellow("•")} ${task.name}: ${event.text}\n`);
      if (event.kind === "end") {
        multi.remove(entry.bar);
        active.delete(task.name);
        multi.log(`${pc.green("✓")} ${task.name.padEnd(width)} ${seconds(now() - entry.started)}\n`);
        all.increment();
      }
    },
    close() {
      if (closed) return;
      closed = true;
      multi.update(); // writes the lines that wait
      multi.stop();
    },
  };
}

function lines(total: number, now: () => number, stream: NodeJS.WriteStream): ProgressDisplay {
  const started = new Map<string, { at: number; said: number }>();
  let done = 0;
  const say = (task: Task, text: string) =>
    stream.write(`[${String(done).padStart(String(total).length)}/${total}] ${task.name}: ${text}\n`);
  return {
    onEvent(task, event) {
      const time = now();
      if (event.kind === "start") {
        started.set(task.name, { at: time, said: time });
        say(task, "started");
      }
      const entry = started.get(task.name)!;
      if (event.kind === "progress" && time - entry.said >= PLAIN_EVERY_MS && event.done > 0) {
        entry.said = time;
        const left = ((time - entry.at) / event.done) * (event.total - event.done);
        say(task, `${Math.round((100 * event.done) / event.total)} %, about ${seconds(left)} left${event.note ? `, ${event.note}` : ""}`);
      }
      if (event.kind === "note") say(task, event.text);
      if (event.kind === "end") {
        done++;
        say(task, `done in ${seconds(time - entry.at)}`);
      }
    },
    close() {},
  };
}
