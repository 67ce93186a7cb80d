/** @file What is known of images beside their pixels: what metadata say of the classes, and what images may be divided by. */
import type { Audit } from "../../src/config/audit.ts";
import { binaryClasses } from "../../src/config/data.ts";
import { auditImages } from "../../src/data/audit/audit-images.ts";
import type { ImageFacts } from "../../src/data/facts.ts";
import type { ImageRecord } from "../../src/data/manifest.ts";
import { UserError } from "../../src/util/user-error.ts";
import { attributesOf } from "./attributes.ts";
import type { Cases } from "./terms.ts";

export interface AboutImages {
  /** null where there are too few groups to tell */
  shortcuts: Audit | null;
  attributes: Cases["attributes"];
}

/**
 * @param images labels are classes
 * @param facts parallel to `images`
 * @param order images of the attributes, as indices
 */
export function aboutImages(
  images: readonly ImageRecord[],
  facts: readonly ImageFacts[],
  order: readonly number[],
  { classes: names, target, seed }: { classes: readonly string[]; target: string; seed: number },
): AboutImages {
  const attributes = attributesOf(
    order.map((i) => images[i]),
    order.map((i) => facts[i]),
    target,
  );
  const classes = binaryClasses(names);
  const binary = images.map((image) => ({ ...image, label: image.label === classes[1] ? classes[1] : classes[0] }));
  try {
    return { shortcuts: auditImages(binary, facts, { classes, seed }), attributes };
  } catch (error) {
    if (error instanceof UserError) return { shortcuts: null, attributes }; // too few groups
    throw error;
  }
}
