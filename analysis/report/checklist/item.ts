/** @file An item of a reporting guideline before a run has answered it. */
import type { Answers } from "./answers.ts";

/** Who can answer what a run cannot. */
export type Who = "the authors" | "the data set's authors" | "the authors and their ethics committee";

export interface Item {
  section: string;
  number: string;
  /** what is asked, in our own few words */
  topic: string;
  /** what of the run answers it; several are joined */
  by?: (keyof Answers)[];
  /** who must answer, or add what the run does not know */
  who?: Who;
}

/** Items of one section, as rows [number, topic, answered by, who]. */
export const section = (name: string, rows: readonly (readonly [string, string, (keyof Answers)[], Who?])[]): Item[] =>
  rows.map(([number, topic, by, who]) => ({ section: name, number, topic, by, ...(who ? { who } : {}) }));
