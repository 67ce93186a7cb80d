/** @file A table of the page: it scrolls where it is wide, by keyboard too, and its first column names the rows. */
import { html } from "hono/html";
import type { Interval } from "../../src/config/interval.ts";
import { fixed } from "../../src/util/format-number.ts";

/** What a cell may hold: text is escaped. */
export type Content = string | number | ReturnType<typeof html>;

export interface Column {
  title: string;
  /** words, flush left; numbers are flush right */
  text?: true;
}

/** @param rows cells in the order of the columns @param className of a row, by its index */
export function table(
  caption: Content,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  className: (row: number) => string = () => "",
) {
  const kind = ({ text }: Column) => (text ? "text" : "");
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label="table by ${columns[0].title}">
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name, ...cells], r) =>
              html`<tr class="${className(r)}">
                <th scope="row">${name}</th>
                ${cells.map((cell, c) => html`<td class="${kind(columns[c + 1])}">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </figure>`;
}

/** An estimate above its interval; a dash where there is none. */
export const cell = (value: Interval | null | undefined, number: (value: number) => string = fixed): Content =>
  value ? html`${number(value.estimate)} <small>[${number(value.low)}, ${number(value.high)}]</small>` : "–";

/** Three decimals, as AUROCs have, and always a sign. */
export const difference = (value: number): string => (Number.isFinite(value) ? `${value < 0 ? "−" : "+"}${fixed(Math.abs(value))}` : "–");
