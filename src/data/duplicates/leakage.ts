/** @file Images that two sets share. */
import { inOrder, matched, type DuplicatePair, type FindOptions } from "./find.ts";
import { manyLooks } from "./looks.ts";
import type { Signature } from "./signature.ts";

/**
 * Pairs of an image `a` of the first set and an image `b` of the second that show the same frame. In order of `a`, then `b`.
 * Unlike within one set, copies are also found mirrored, rotated up to 40°, and squeezed to another shape, as published sets hold them.
 */
export function findShared(a: readonly Signature[], b: readonly Signature[], options: FindOptions = {}): DuplicatePair[] {
  return matched(a, b, { looks: manyLooks, ...options }).sort(inOrder);
}
