/** @file Watches a pretraining: looks at its embeddings now and then, logs what it sees, says in words when they collapse, and may end the run. */
import type { tf } from "../../src/engine/tf.ts";
import type { Verdict } from "../../src/metrics/embedding/collapse.ts";
import type { FitOptions } from "../../src/optim/fit.ts";
import { UserError } from "../../src/util/user-error.ts";
import { look } from "./look.ts";

/** Images whose embeddings are looked at, at most. */
const MOST = 256;
/** Looks in a run, where the config does not say. */
const LOOKS = 20;
/** Looks that must agree before a run is ended. */
const AGREE = 3;

export interface WatchOptions {
  task: string;
  epochs: number;
  /** epochs between two looks; 0 is a twentieth of the run */
  every: number;
  stopOnCollapse: boolean;
  /** images a batch */
  batchSize: number;
  metric: FitOptions["report"]["metric"];
  /** a sentence for the person who waits */
  note(text: string): void;
  /** AUROC of frozen features, where it can be had */
  neighbours?: ((flat: tf.Tensor1D) => number) | undefined;
}

export interface Watch extends Required<Pick<FitOptions, "observe" | "afterEpoch">> {
  /** of the last look */
  verdict(): Verdict | undefined;
}

/** Embeddings come from the last batches of an epoch, as the loss saw them: watching costs no step. */
export function watch(options: WatchOptions): Watch {
  const { task, epochs, every: asked, batchSize, metric } = options;
  const every = asked || Math.ceil(epochs / LOOKS);
  const wanted = (epoch: number) => (epoch + 1) % every === 0 || epoch === epochs - 1;
  const batchesSeen = Math.max(1, Math.floor(MOST / batchSize));
  let seen: { first: number[][]; second: number[][]; scores: number[][] } = { first: [], second: [], scores: [] };
  let verdict: Verdict | undefined;
  let collapsedLooks = 0;

  return {
    observe(aux, { epoch, batch, batches }) {
      if (!wanted(epoch) || batch < batches - batchesSeen) return;
      const rows = (aux.embeddings as tf.Tensor2D).arraySync();
      seen.first.push(...rows.slice(0, rows.length / 2));
      seen.second.push(...rows.slice(rows.length / 2));
      if (aux.scores) seen.scores.push(...(aux.scores as tf.Tensor2D).arraySync());
    },
    async afterEpoch({ epoch, flat, meanLoss }) {
      if (!wanted(epoch) || seen.first.length < 2) return;
      const { points, verdict: found } = look({ ...seen, meanLoss, progress: (epoch + 1) / epochs });
      seen = { first: [], second: [], scores: [] };
      for (const [key, value] of Object.entries(points)) metric(key, value, epoch);
      if (options.neighbours) metric("watch/knn_auroc", options.neighbours(flat), epoch);
      metric("watch/collapsed", found.collapsed ? 1 : 0, epoch);
      if (found.collapsed && !verdict?.collapsed)
        options.note(`embeddings have collapsed (epoch ${epoch + 1} of ${epochs}). ${found.advice}`);
      if (!found.collapsed && verdict?.collapsed) options.note(`embeddings are no longer collapsed (epoch ${epoch + 1} of ${epochs})`);
      verdict = found;
      collapsedLooks = found.collapsed ? collapsedLooks + 1 : 0;
      if (options.stopOnCollapse && collapsedLooks >= AGREE)
        throw new UserError(`${task}: embeddings have collapsed (epoch ${epoch + 1} of ${epochs}). ${found.advice}`);
    },
    verdict: () => verdict,
  };
}
