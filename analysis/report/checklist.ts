/** @file The items of CLAIM 2024 and of TRIPOD+AI, each with what the run answers, or with who must. */
import type { Checklist } from "../../src/config/report.ts";
import { answersOf } from "./checklist/answers.ts";
import { claim } from "./checklist/claim.ts";
import { tripodAi } from "./checklist/tripod-ai.ts";
import type { ReportFacts } from "./facts.ts";

export function checklists(facts: ReportFacts): Checklist[] {
  const answers = answersOf(facts);
  return [claim, tripodAi].map(({ name, citation, items }) => ({
    name,
    citation,
    items: items.map(({ section, number, topic, by = [], who }) => {
      const found = by.flatMap((key) => answers[key] ?? []);
      const answer = found.length === 0 ? null : found.join(" ");
      // what no run can answer must have somebody who can
      return { section, number, topic, answer, who: who ?? (answer === null ? "the authors" : null) };
    }),
  }));
}
