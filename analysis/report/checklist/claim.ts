/** @file The items of CLAIM 2024, in our own few words, and what of a run answers each. Reference: Tejani et al. 2024, doi:10.1148/ryai.240300. */
import { section, type Item } from "./item.ts";

const authors = "the authors";
const dataSet = "the data set's authors";

export const claim: { name: string; citation: string; items: readonly Item[] } = {
  name: "CLAIM 2024",
  citation: "Tejani et al. 2024, Radiology: Artificial Intelligence 6(4):e240300, doi:10.1148/ryai.240300",
  items: [
    ...section("Title and abstract", [
      ["1", "named as a study of AI, and of which kind", ["kind"]],
      ["2", "abstract", ["abstract"], authors],
    ]),
    ...section("Introduction", [
      ["3", "background, intended use", [], authors],
      ["4", "aims and hypotheses", ["objectives"], authors],
    ]),
    ...section("Study design", [
      ["5", "prospective or retrospective", ["design"]],
      ["6", "goal of the study", ["goal"]],
    ]),
    ...section("Data", [
      ["7", "sources of the data", ["source", "dataSharing"]],
      ["8", "inclusion and exclusion", ["eligibility"], dataSet],
      ["9", "preprocessing", ["preprocessing"]],
      ["10", "selection of subsets", ["subsets"]],
      ["11", "de-identification", ["privacy"], dataSet],
      ["12", "missing data", ["missing"]],
      ["13", "acquisition of the images", [], dataSet],
    ]),
    ...section("Reference standard", [
      ["14", "how the reference standard was obtained", ["reference"], dataSet],
      ["15", "why this reference standard", [], authors],
      ["16", "who annotated", [], dataSet],
      ["17", "annotation of the test set", ["internal"], dataSet],
      ["18", "variability between and within annotators", [], dataSet],
    ]),
    ...section("Partitions and sample", [
      ["19", "how data were assigned to partitions", ["partitions"]],
      ["20", "level at which partitions are disjoint", ["level"]],
      ["21", "intended sample size", ["sampleSize"], authors],
    ]),
    ...section("Model", [
      ["22", "description of the model", ["model", "output"]],
      ["23", "software", ["software"]],
      ["24", "initial parameters", ["initialisation", "arms"]],
    ]),
    ...section("Training", [
      ["25", "how it was trained", ["training"]],
      ["26", "how the final model was selected", ["selection"], authors],
      ["27", "ensembles", ["ensemble"]],
    ]),
    ...section("Evaluation", [
      ["28", "metrics", ["metrics"]],
      ["29", "significance and uncertainty", ["uncertainty"]],
      ["30", "robustness or sensitivity analysis", ["robustness", "shortcuts"]],
      ["31", "explanation of predictions", ["explanation"]],
      ["32", "evaluation on internal data", ["internal"]],
      ["33", "testing on external data", ["external"], authors],
      ["34", "registration as a clinical trial", [], authors],
    ]),
    ...section("Results", [
      ["35", "patients or examinations included and excluded", ["flow"], dataSet],
      ["36", "demographic and clinical characteristics", ["characteristics"], dataSet],
      ["37", "performance with its uncertainty", ["performance", "comparison"]],
      ["38", "diagnostic performance and its precision", ["estimates"]],
      ["39", "analysis of failures", ["failures"]],
    ]),
    ...section("Discussion", [
      ["40", "limitations", ["limitations"], authors],
      ["41", "implications for practice", [], authors],
    ]),
    ...section("Other", [
      ["42", "protocol and technical details", ["protocol"]],
      ["43", "availability of software, model and data", ["codeSharing", "modelSharing", "dataSharing"], authors],
      ["44", "funding, role of funders", [], authors],
    ]),
  ],
};
