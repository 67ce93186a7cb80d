/** @file The items of TRIPOD+AI, in our own few words, and what of a run answers each. Reference: Collins et al. 2024, doi:10.1136/bmj-2023-078378. */
import { section, type Item } from "./item.ts";

const authors = "the authors";
const dataSet = "the data set's authors";

export const tripodAi: { name: string; citation: string; items: readonly Item[] } = {
  name: "TRIPOD+AI",
  citation: "Collins et al. 2024, BMJ 385:e078378, doi:10.1136/bmj-2023-078378",
  items: [
    ...section("Title and abstract", [
      ["1", "develops or evaluates a prediction model, of whom and what", ["kind"], authors],
      ["2", "abstract", ["abstract"], authors],
    ]),
    ...section("Introduction", [
      ["3a", "healthcare context, why a model", [], authors],
      ["3b", "target population, intended use and users", [], authors],
      ["3c", "known health inequalities", [], authors],
      ["4", "objectives", ["objectives", "goal"], authors],
    ]),
    ...section("Data and participants", [
      ["5a", "sources of the data", ["source"], authors],
      ["5b", "dates of the data", [], dataSet],
      ["6a", "setting, centres", [], dataSet],
      ["6b", "eligibility", ["eligibility"], dataSet],
      ["6c", "treatments", [], dataSet],
      ["7", "preparation and quality of the data", ["preprocessing", "privacy"]],
    ]),
    ...section("Outcome and predictors", [
      ["8a", "definition of the outcome", ["reference"], dataSet],
      ["8b", "who assessed the outcome", [], dataSet],
      ["8c", "blinding of that assessment", ["design"], dataSet],
      ["9a", "choice of predictors", ["inputs"]],
      ["9b", "definition of predictors", ["inputs", "preprocessing"]],
      ["9c", "who assessed predictors", ["inputs"]],
      ["10", "sample size", ["sampleSize"], authors],
      ["11", "missing data", ["missing"]],
    ]),
    ...section("Analysis", [
      ["12a", "how data were used and partitioned", ["partitions"]],
      ["12b", "how predictors were handled", ["preprocessing"]],
      ["12c", "type of model, its building, internal validation", ["model", "training", "modelBuilding"], authors],
      ["12d", "heterogeneity between clusters", ["heterogeneity"]],
      ["12e", "measures and plots of performance, comparison of models", ["metrics", "uncertainty"]],
      ["12f", "updating of the model", ["noUpdate"]],
      ["12g", "how predictions were calculated", ["internal", "ensemble", "modelSharing"]],
      ["13", "class imbalance", ["imbalance"]],
      ["14", "approaches to fairness", ["fairness"], authors],
      ["15", "output of the model, thresholds", ["output"]],
      ["16", "differences between development and evaluation data", ["external"]],
      ["17", "ethical approval", [], "the authors and their ethics committee"],
    ]),
    ...section("Open science", [
      ["18a", "funding", [], authors],
      ["18b", "conflicts of interest", [], authors],
      ["18c", "protocol", ["protocol"], authors],
      ["18d", "registration", [], authors],
      ["18e", "sharing of data", ["dataSharing"], authors],
      ["18f", "sharing of code", ["codeSharing"], authors],
      ["19", "involvement of patients and public", [], authors],
    ]),
    ...section("Results", [
      ["20a", "flow of participants", ["flow"], dataSet],
      ["20b", "characteristics of participants", ["characteristics"], dataSet],
      ["20c", "development and evaluation data compared", ["external"]],
      ["21", "participants and events in each analysis", ["events"]],
      ["22", "the full model", ["modelSharing"]],
      ["23a", "performance with intervals, in subgroups too", ["performance", "estimates", "robustness"]],
      ["23b", "heterogeneity of performance", ["heterogeneity"]],
      ["24", "results of updating", ["noUpdate"]],
    ]),
    ...section("Discussion", [
      ["25", "interpretation", ["comparison"], authors],
      ["26", "limitations", ["limitations"], authors],
      ["27a", "poor or unavailable input data", ["quality"], authors],
      ["27b", "what users must do and know", [], authors],
      ["27c", "next steps", [], authors],
    ]),
  ],
};
