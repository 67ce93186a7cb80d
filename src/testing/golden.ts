/** @file Reference values copied into `<room>/fixtures`: cases by family, with `same_as` resolved and non-finite numbers revived. */
import { readFileSync } from "node:fs";

/** One reference case; its fields are numbers, strings or nested arrays of them. */
export interface GoldenCase<I, E> {
  name: string;
  inputs: I;
  params: Record<string, string | number>;
  expected: E;
}

/**
 * The cases of one family of a fixture file `{"cases": {family: [{name, inputs, params, expected}]}}`.
 * @param file for example `new URL("./fixtures/golden-stats.json", import.meta.url)`
 */
export function goldenCases<I, E>(file: URL, family: string): GoldenCase<I, E>[] {
  const revive = (_: string, value: unknown) =>
    value === "NaN" ? NaN : value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : value;
  const { cases } = JSON.parse(readFileSync(file, "utf8"), revive) as { cases: Record<string, GoldenCase<I & { same_as?: string }, E>[]> };
  const inputsOf = new Map(
    Object.values(cases)
      .flat()
      .map(({ name, inputs }) => [name, inputs]),
  );
  const found = cases[family];
  if (!found) throw new RangeError(`goldenCases: family must be one of ${Object.keys(cases).join(", ")}, got ${family}`);
  return found.map((one) => ({ ...one, inputs: inputsOf.get(one.inputs.same_as ?? one.name)! }));
}
