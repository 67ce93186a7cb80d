/** @file Reporting guidelines, item by item: what the run answers, and who must answer the rest. */
import { html } from "hono/html";
import type { Checklist, ChecklistItem, Report } from "../../../src/config/report.ts";
import { table } from "../table.ts";

export const checklistsSection = ({ checklists }: Report) =>
  html`<section id="checklists">
    <h2>Reporting checklists</h2>
    <p>
      What this run answers of the items that reporting guidelines ask for, in our own few words; the guidelines themselves say what each
      item means. An item that says who must answer is not answered by leaving it out.
    </p>
    ${checklists.map((checklist) => checklistTable(checklist))}
  </section>`;

function checklistTable({ name, citation, items }: Checklist) {
  const count = (kind: string) => items.filter((item) => answeredBy(item) === kind).length;
  return html`<details>
    <summary>
      ${name}: of ${items.length} items the run answers ${count("run")}, ${count("partly")} in part; ${count("others")} are for others to
      answer
    </summary>
    ${table(
      citation,
      [{ title: "item" }, { title: "asked", text: true }, { title: "answered by", text: true }, { title: "answer", text: true }],
      items.map((item) => [
        item.number,
        item.topic,
        html`<span class="tag ${answeredBy(item)}">${LABEL[answeredBy(item)]}</span>`,
        answerText(item),
      ]),
    )}
  </details>`;
}

const LABEL = { run: "this run", partly: "in part", others: "not by the run" } as const;

const answeredBy = ({ answer, who }: ChecklistItem): keyof typeof LABEL => (answer === null ? "others" : who === null ? "run" : "partly");

function answerText({ answer, who }: ChecklistItem): string {
  if (answer === null) return `Not answered by the run: ${who} must.`;
  return who === null ? answer : `${answer} What is missing, ${who} must add.`;
}
