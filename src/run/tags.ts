/** @file The tags by which sonomark finds its own runs again. */

/** Task name, or "study" on the parent run. */
export const TASK_TAG = "sonomark.task";
/** Hash of everything that decides the run's result. */
export const KEY_TAG = "sonomark.key";
/** Name of the study. */
export const STUDY_TAG = "sonomark.study";
/** Machine that works on the run. */
export const HOST_TAG = "sonomark.host";
/** Why a run failed; empty once it runs again. */
export const ERROR_TAG = "sonomark.error";
/** On a parent run: "true" once every task of the study is done. */
export const COMPLETE_TAG = "sonomark.complete";
/** On a parent run: what the shortcut audit warns of; empty where nothing does. */
export const WARNING_TAG = "sonomark.warning";
/** What is wrong with a pretraining's embeddings, and the cure; empty where nothing is. On a parent run: of all its folds. */
export const COLLAPSE_TAG = "sonomark.collapse";
/** Value of TASK_TAG on a parent run. */
export const STUDY_TASK = "study";
/** MLflow's: the run that a run is part of. */
export const PARENT_TAG = "mlflow.parentRunId";
/** On the run of an external test: the study's run and the runs whose models were asked, and the data set that they were asked about. */
export const EXTERNAL_MODEL_TAG = "sonomark.external.model";
export const EXTERNAL_DATA_TAG = "sonomark.external.data";
