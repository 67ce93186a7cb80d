/** @file The report of a study as data: what `report.json` holds, and what the page shows. */
import { armName, armsOf } from "../../src/config/arm.ts";
import { NOTICE } from "../../src/config/onnx.ts";
import type { Report } from "../../src/config/report.ts";
import { armText } from "./arm-text.ts";
import { checklists } from "./checklist.ts";
import type { ReportFacts } from "./facts.ts";
import { trainingOf } from "./held-out.ts";
import { labelEfficiency } from "./label-efficiency.ts";
import { evaluationText, explanationText, limits } from "./prose.ts";
import { statements } from "./statements.ts";
import { trainings } from "./trainings.ts";
import { worstErrors } from "./worst-errors.ts";

export function buildReport(facts: ReportFacts): Report {
  const { study, evaluation, biomarkers, predictions, source, software } = facts;
  const warning = evaluation.shortcuts?.warning ?? "";
  return {
    notice: NOTICE,
    statements: statements(evaluation, study),
    warnings: warning === "" ? [] : [warning],
    ...{ study, source, software },
    arms: armsOf(study.finetune).map((arm) => ({ name: armName(arm), arm, text: armText(arm, study) })),
    evaluation,
    trainings: trainings(predictions),
    labelEfficiency: labelEfficiency(evaluation.models),
    worst: worstErrors(trainingOf(predictions, evaluation.models[0].name)),
    biomarkers,
    methods: [evaluationText(study, evaluation), ...(biomarkers ? [explanationText(study, biomarkers)] : [])],
    limits: limits(biomarkers !== null),
    checklists: checklists(facts),
  };
}
