/** @file What must hold of a search space beyond its types: ranges, choices, conditions. */
import type { z } from "zod";
import { nearest } from "../util/suggest.ts";

/** The parts of a parameter that are checked here; src/config/tune.ts has the whole schema. */
interface Checked {
  kind: "float" | "int" | "category";
  path: string;
  when?: { parameter: string; equals: unknown[] };
  low?: number;
  high?: number;
  log?: boolean;
  step?: number;
  choices?: unknown[];
}

/** Refines the array of parameters; every issue names the parameter by its path in the study. */
export function checkSpace(space: readonly Checked[], context: z.core.$RefinementCtx<unknown>): void {
  space.forEach((parameter, i) => {
    const complain = (key: string, message: string, input: unknown) =>
      context.addIssue({ code: "custom", path: [i, key], message: `${parameter.path}: ${message}`, input });
    if (space.findIndex(({ path }) => path === parameter.path) < i) complain("path", "is listed twice: keep one of them", parameter.path);
    if (parameter.kind === "category") checkChoices(parameter.choices!, complain);
    else checkRange(parameter, complain);
    if (parameter.when) checkCondition(parameter, space, complain);
  });
}

type Complain = (key: string, message: string, input: unknown) => void;

function checkRange({ kind, low = 0, high = 0, log, step }: Checked, complain: Complain): void {
  if (low >= high) complain("high", `the range is empty: high must be above low (${low})`, high);
  else if (log && low <= 0) complain("low", "a log range must start above 0", low);
  else if (step !== undefined && step > high - low) complain("step", `no step fits between low (${low}) and high (${high})`, step);
  if (log && step !== undefined && !(kind === "int" && step === 1))
    complain("step", "a log range has no step: leave one of them out", step);
}

function checkChoices(choices: readonly unknown[], complain: Complain): void {
  const texts = choices.map((choice) => JSON.stringify(choice));
  const twice = texts.find((text, i) => texts.indexOf(text) < i);
  if (twice !== undefined) complain("choices", `${twice} is listed twice: keep one of them`, choices);
}

function checkCondition({ path, when }: Checked, space: readonly Checked[], complain: Complain): void {
  const parent = space.find((other) => other.path === when!.parameter);
  if (!parent) {
    const names = space.map((other) => other.path).filter((name) => name !== path);
    const near = nearest(when!.parameter, names);
    const cure = near ? `did you mean "${near}"?` : `choose of ${names.join(", ") || "none: the space has no other"}`;
    return complain("when", `its condition names no parameter of the space: ${cure}`, when!.parameter);
  }
  const ring = ringOf(path, space);
  if (ring) return complain("when", `conditions go round in a ring: ${ring.join(" → ")}`, when!.parameter);
  const never = when!.equals.find((value) => !isValueOf(parent, value));
  if (never !== undefined) complain("when", `its condition never holds: ${parent.path} has no such value`, never);
}

/** The conditions that lead from `path` back to itself. */
function ringOf(path: string, space: readonly Checked[]): string[] | undefined {
  const seen = [path];
  for (;;) {
    const next = space.find((other) => other.path === seen.at(-1))?.when?.parameter;
    if (next === undefined || (next !== path && seen.includes(next))) return undefined;
    seen.push(next);
    if (next === path) return seen;
  }
}

function isValueOf({ kind, choices, low = 0, high = 0, step = 1 }: Checked, value: unknown): boolean {
  if (kind === "category") return choices!.some((choice) => JSON.stringify(choice) === JSON.stringify(value));
  if (typeof value !== "number" || value < low || value > high) return false;
  return kind === "float" || Number.isInteger((value - low) / step);
}
