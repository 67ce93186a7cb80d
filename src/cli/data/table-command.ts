/** @file `sonomark data table`: docs/datasets.md, printed from the readers and from the data sets that are there. */
import { Command } from "@commander-js/extra-typings";
import { datasetRows, datasetsTable } from "../../data/datasets-table.ts";
import { summarise, type DataSummary } from "../../data/summary.ts";
import { print, jsonOption } from "../options.ts";
import { openData, sourceText } from "./source-options.ts";

export const tableCommand = () =>
  new Command("table")
    .description("Print a Markdown table of every data set that can be read; those that are given are counted.")
    .argument("[sources...]", sourceText)
    .addOption(jsonOption())
    .action(async (sources, { json }) => {
      const summaries: DataSummary[] = [];
      for (const source of sources) {
        const { manifest, problems } = await openData(source, { duplicates: "near" });
        summaries.push(summarise(manifest, problems));
      }
      print(json, summaries, () => datasetsTable(datasetRows(summaries)));
    });
