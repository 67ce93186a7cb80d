/** @file Which study images are listed, and in which order. */
import type { StudyImage } from "../api.ts";

export const ORDERS = { name: "by name", probability: "by probability", error: "largest error first" } as const;
export type Order = keyof typeof ORDERS;

/** How far the held-out probability lies from the truth, 0–1. */
export const errorOf = ({ label, probability }: StudyImage, positive: string): number =>
  Math.abs((label === positive ? 1 : 0) - probability);

/**
 * @param positive the class whose probability is told
 * @param label only images of this class; all where it is empty
 */
export function arrangeImages(images: readonly StudyImage[], positive: string, label: string, order: Order): StudyImage[] {
  const compare: Record<Order, (a: StudyImage, b: StudyImage) => number> = {
    name: (a, b) => a.image.localeCompare(b.image, "en", { numeric: true }),
    probability: (a, b) => a.probability - b.probability,
    error: (a, b) => errorOf(b, positive) - errorOf(a, positive),
  };
  return images.filter((image) => label === "" || image.label === label).sort(compare[order]);
}
