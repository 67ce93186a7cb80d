/** @file A queue of rows as a pure function: the newest come first, the oldest fall out. */
import { tf } from "../engine/tf.ts";

/**
 * @param queue [m, …]
 * @param rows [n, …] with n ≤ m; for several queues that move together (keys and their groups) call it for each
 * @returns the queue after the rows came in [m, …]; belongs to the caller's tidy
 */
export function enqueue<T extends tf.Tensor>(queue: T, rows: T): T {
  const [[m, ...inner], [n]] = [queue.shape, rows.shape];
  if (n > m) throw new RangeError(`enqueue: rows must fit into the queue of ${m}, got ${n}`);
  return tf.tidy(() => tf.concat<tf.Tensor>([rows, tf.slice<tf.Rank, tf.Tensor>(queue, 0, [m - n, ...inner])]) as T);
}
