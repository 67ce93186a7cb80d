/** @file The tags by which sonomark finds the runs of a search again, beside those of every run (src/run/tags.ts). */

/** Values of TASK_TAG: on the run of a search, on that of a trial, and on that of the task that gathers what was held out. */
export const TUNE_TASK = "tune";
export const TRIAL_TASK = "trial";
export const GATHER_TASK = "tuned";
/** Number of a trial, on its run. */
export const TRIAL_TAG = "sonomark.trial";
/** How it ended: complete, pruned or failed. */
export const TRIAL_STATE_TAG = "sonomark.trial.state";
