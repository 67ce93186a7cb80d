/** @file Shows how a search goes: bars with ETA in a terminal, a plain line a trial elsewhere. Always on stderr. */
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import pc from "picocolors";
import type { Task, TaskEvent } from "../config/task.ts";
import type { Trial, TuneConfig } from "../config/tune.ts";
import { fixed } from "../util/format-number.ts";

/** A plain line for a task that goes on is printed at most this often. */
const PLAIN_EVERY_MS = 15_000;
const DIGITS = 4;

export interface TuneProgress {
  onTrial(trial: Trial, trials: readonly Trial[]): void;
  onEvent(trial: number | null, task: Pick<Task, "name">, event: TaskEvent | { kind: "start" } | { kind: "end" }): void;
  close(): void;
}

export interface TuneProgressOptions extends Pick<TuneConfig, "trials" | "direction"> {
  jobs: number;
  /** trials that had ended before */
  held: number;
  timeoutMs?: number | undefined;
  /** ms */
  now: () => number;
}

export function tuneProgress(options: TuneProgressOptions, stream: NodeJS.WriteStream = process.stderr): TuneProgress {
  const { now } = options;
  const standing = standingOf(options);
  const bars = stream.isTTY ? terminal(options, stream) : undefined;
  const say = (line: string): void => void (bars ? bars.log(line) : stream.write(`${line}\n`));
  const started = new Map<number, number>();
  const said = new Map<string, number>();
  let closed = false;
  return {
    onTrial(trial, trials) {
      if (closed) return;
      if (trial.state === "running") return void started.set(trial.number, now());
      const at = standing(trials);
      const took = duration(now() - started.get(trial.number)!);
      const outcome =
        trial.state === "failed" ? `failed, ${trial.reason}` : `${trial.state === "pruned" ? "pruned at " : ""}${shown(trial.value)}`;
      say(`[${at.ended}/${options.trials}] trial ${trial.number}: ${outcome}, ${took}; ${at.text}`);
      bars?.all(at.ended, at.text);
    },
    onEvent(trial, task, event) {
      if (closed) return; // tasks that are stopping still talk
      const name = trial === null ? task.name : `trial ${trial} ${task.name}`;
      if (event.kind === "note") say(`${name}: ${event.text}`);
      if (bars) return bars.onEvent(name, event);
      if (event.kind === "start") said.set(name, now());
      if (event.kind !== "progress" || event.done === 0 || now() - (said.get(name) ?? 0) < PLAIN_EVERY_MS) return;
      said.set(name, now());
      say(`${name}: ${Math.round((100 * event.done) / event.total)} %${event.note ? `, ${event.note}` : ""}`);
    },
    close() {
      if (closed) return;
      closed = true;
      bars?.close();
    },
  };
}

const shown = (value: number | null): string => (value === null ? "no value" : fixed(value, DIGITS));

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Where the search stands: the best so far, what was stopped or failed, and how long it will take if trials last as long as those before. */
function standingOf({ trials: total, direction, jobs, held, timeoutMs, now }: TuneProgressOptions) {
  const begun = now();
  return (trials: readonly Trial[]): { ended: number; text: string } => {
    const ended = trials.filter(({ state }) => state !== "running");
    const many = (state: Trial["state"]) => trials.filter((trial) => trial.state === state).length;
    const [best] = ended
      .filter(({ state, value }) => state === "complete" && value !== null)
      .sort((a, b) => (direction === "maximise" ? b.value! - a.value! : a.value! - b.value!) || a.number - b.number);
    const rate = (now() - begun) / Math.max(1, ended.length - held);
    const left = Math.min(rate * (total - ended.length), begun + (timeoutMs ?? Infinity) - now());
    const eta = ended.length >= total || left <= 0 ? [] : [`about ${duration(left)} left with ${jobs} side by side`];
    const parts = [
      best ? `best ${shown(best.value)} (trial ${best.number})` : "none complete",
      `${many("pruned")} pruned`,
      `${many("failed")} failed`,
    ];
    return { ended: ended.length, text: [...parts, ...eta].join(", ") };
  };
}

function terminal({ trials, held }: TuneProgressOptions, stream: NodeJS.WriteStream) {
  const width = 36;
  const multi = new MultiBar(
    { stream, clearOnComplete: true, hideCursor: true, format: `{task} {bar} {percentage}%  {note}`, barsize: 24 },
    Presets.shades_classic,
  );
  const all = multi.create(
    trials,
    held,
    { task: pc.bold("search".padEnd(width)), note: "" },
    { format: `{task} {bar} {value}/{total} trials  {duration_formatted}  {note}` },
  );
  const active = new Map<string, SingleBar>();
  return {
    log: (line: string) => multi.log(`${line}\n`),
    all: (ended: number, note: string) => all.update(ended, { note }),
    onEvent(name: string, event: TaskEvent | { kind: "start" } | { kind: "end" }): void {
      if (event.kind === "start") active.set(name, multi.create(1, 0, { task: name.padEnd(width), note: "" }));
      const bar = active.get(name);
      if (event.kind === "progress" && bar) {
        bar.setTotal(event.total);
        bar.update(event.done, { note: event.note ?? "" });
      }
      if ((event.kind === "end" || event.kind === "failed") && bar) {
        multi.remove(bar);
        active.delete(name);
      }
    },
    close() {
      multi.update(); // writes the lines that wait
      multi.stop();
    },
  };
}
