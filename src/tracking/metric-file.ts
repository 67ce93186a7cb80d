/**
 * @file Metric histories of a file store: one file a key, one line a point, `timestamp value step`. MLflow fails on a torn or
 * empty file for the whole experiment, and its migration fails on a repeated line: this writer leaves none of them behind.
 */
import { closeSync, ftruncateSync, openSync, readSync, statSync, truncateSync, unlinkSync, writeSync } from "node:fs";
import { explainDisk } from "./disk.ts";
import type { MetricPoint } from "./store.ts";

const CHUNK = 1 << 20;

/** What is known of the whole lines of a metric file. */
export interface Tail {
  /** bytes up to and with the last line break that was seen */
  size: number;
  latest: MetricPoint | undefined;
  lastTimestamp: number;
}

/** Tails by file path, so that a file is read once and then only where it grew. */
export type Tails = Map<string, Tail>;

const EMPTY: Tail = { size: 0, latest: undefined, lastTimestamp: -Infinity };

function formatValue(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0.0" : String(value);
}

export const formatPoint = ({ timestamp, value, step }: MetricPoint): string => `${timestamp} ${formatValue(value)} ${step}\n`;

/** What Python's `float()` reads: `1e-07`, `nan`, `-Infinity` … */
function parseValue(text: string): number | undefined {
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (special) return special[2].toLowerCase() === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A point, or undefined for a line that is none. Lines of 5 fields (with a dataset) keep their step, which MLflow drops. */
export function parsePoint(key: string, line: string): MetricPoint | undefined {
  const [timestamp, value, step = "0", ...dataset] = line.trim().split(" ");
  const number = parseValue(value ?? "");
  if (number === undefined || !/^-?\d+$/.test(timestamp) || !/^-?\d+$/.test(step) || ![0, 2].includes(dataset.length)) return undefined;
  return { key, value: number, timestamp: Number(timestamp), step: Number(step) };
}

/** Latest by step, then timestamp, then value: MLflow's order. */
function isLater(a: MetricPoint, b: MetricPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  return a.timestamp !== b.timestamp ? a.timestamp > b.timestamp : a.value >= b.value;
}

function advance(tail: Tail, point: MetricPoint): Tail {
  return {
    size: tail.size,
    latest: tail.latest && !isLater(point, tail.latest) ? tail.latest : point,
    lastTimestamp: Math.max(tail.lastTimestamp, point.timestamp),
  };
}

/** Whole lines of a file from byte `from`, with the offset behind each chunk's last line break; memory stays at one chunk. */
function* wholeLines(path: string, from: number): Generator<{ lines: string[]; end: number }> {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(CHUNK);
    for (let position = from; ;) {
      const chunk = buffer.subarray(0, readSync(file, buffer, 0, CHUNK, position));
      const end = chunk.lastIndexOf(10) + 1; // lines are far shorter than a chunk, so 0 means the end or a torn line
      if (end === 0) return;
      position += end;
      yield { lines: chunk.toString("utf8", 0, end - 1).split("\n"), end: position };
    }
  } finally {
    closeSync(file);
  }
}

/** All points of a file, in file order; lines that are none are left out. */
export function readPoints(path: string, key: string): MetricPoint[] {
  const points: MetricPoint[] = [];
  for (const { lines } of wholeLines(path, 0)) {
    for (const line of lines) {
      const point = parsePoint(key, line);
      if (point) points.push(point);
    }
  }
  return points;
}

/** The tail of a file, read from where it was last seen; undefined where there is no file. */
export function readTail(tails: Tails, path: string, key: string): Tail | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    tails.delete(path);
    return undefined;
  }
  const known = tails.get(path);
  if (known?.size === size) return known;
  let tail = known && known.size < size ? known : EMPTY;
  for (const { lines, end } of wholeLines(path, tail.size)) {
    for (const line of lines) {
      const point = parsePoint(key, line);
      if (point) tail = advance(tail, point);
    }
    tail = { ...tail, size: end };
  }
  tails.set(path, tail);
  return tail;
}

/** Cuts a metric file back to its last line break, and removes it where nothing is left. */
export function repairTail(tails: Tails, path: string, key: string): Tail | undefined {
  const tail = readTail(tails, path, key);
  if (!tail) return undefined;
  if (tail.size === 0) {
    unlinkSync(path);
    tails.delete(path);
    return undefined;
  }
  if (statSync(path).size > tail.size) truncateSync(path, tail.size);
  return tail;
}

/** Appends the points that the file lacks. A file that is not there yet is made whole by `place`. @throws UserError */
export function appendPoints(tails: Tails, path: string, key: string, points: readonly MetricPoint[], place: (text: string) => void): void {
  const tail = repairTail(tails, path, key);
  const lines = newLines(tail, path, key, points);
  if (lines.size === 0) return;
  const text = [...lines.keys()].join("");
  if (tail) appendWhole(path, text, tail.size);
  else place(text);
  const size = (tail?.size ?? 0) + Buffer.byteLength(text);
  tails.set(path, { ...[...lines.values()].reduce(advance, tail ?? EMPTY), size });
}

/** Lines of the points that are not in the file, each once. Only a point that is no newer than the file needs a look at its history. */
function newLines(tail: Tail | undefined, path: string, key: string, points: readonly MetricPoint[]): Map<string, MetricPoint> {
  const lines = new Map(points.map((point) => [formatPoint(point), point]));
  const old = (point: MetricPoint) => tail?.latest && point.step <= tail.latest.step && point.timestamp <= tail.lastTimestamp;
  if (points.some(old)) for (const point of readPoints(path, key)) lines.delete(formatPoint(point));
  return lines;
}

/** One write call; where the disk is full, the part that was written goes again. */
function appendWhole(path: string, text: string, size: number): void {
  const file = openSync(path, "a");
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  } catch (error) {
    ftruncateSync(file, size);
    throw explainDisk(error, path);
  } finally {
    closeSync(file);
  }
}
