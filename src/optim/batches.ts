/** @file The batches of an epoch: shuffled, all of one size. */
import { shuffle, type Rng } from "../util/rng.ts";
import { UserError } from "../util/user-error.ts";

export interface BatchSettings {
  epochs: number;
  /** images a batch */
  batchSize: number;
  /** batches whose gradients are averaged for one update; 1 where absent */
  accumulate?: number | undefined;
}

/** How many updates a run has. */
export interface UpdatePlan {
  updatesPerEpoch: number;
  updates: number;
}

/**
 * Only whole batches and updates: images left over sit an epoch out (shapes stay fixed, and batch norm never sees a small batch).
 * @param where who trains, and where its settings are, for messages: "pretrain/fold-0", "pretrain"
 * @throws UserError where the images do not fill one update
 */
export function planUpdates(
  images: number,
  { epochs, batchSize, accumulate = 1 }: BatchSettings,
  where: { task: string; settings: string },
): UpdatePlan {
  const updatesPerEpoch = Math.floor(images / (batchSize * accumulate));
  if (updatesPerEpoch === 0) {
    const key = accumulate > 1 ? "accumulate" : "batchSize";
    const most = accumulate > 1 ? Math.floor(images / batchSize) : images;
    const asked = accumulate > 1 ? `${accumulate} batches of ${batchSize}` : `batches of ${batchSize}`;
    throw new UserError(
      `${where.task}: ${images} images cannot fill ${asked}; ${most > 0 ? `set ${where.settings}.${key} to ${most} or less` : `lower ${where.settings}.batchSize`}`,
    );
  }
  return { updatesPerEpoch, updates: epochs * updatesPerEpoch };
}

/** The shuffled batches of one epoch. Where there are fewer images than `batchSize`, they are one batch. */
export function epochBatches(indices: readonly number[], batchSize: number, rng: Rng): Int32Array[] {
  const size = Math.min(batchSize, indices.length);
  const order = shuffle(Int32Array.from(indices), rng);
  return Array.from({ length: Math.floor(indices.length / size) }, (_, b) => order.subarray(b * size, (b + 1) * size));
}
