/** @file Images that may be another view of an image: other frames of its clip, or other images of its patient. */
import type { PretrainConfig } from "../config/pretrain.ts";
import { groupBy } from "../util/group-by.ts";
import { UserError } from "../util/user-error.ts";
import type { ImageRecord } from "./manifest.ts";

type Known = Pick<ImageRecord, "group" | "patient" | "clip" | "sha256">;

/** What partners share: what the data set itself says, since images that were joined because they look alike are no second view of anything. */
const shared = {
  // a clip is of one patient, whatever a table says
  clip: ({ clip, patient, group }: Known) => clip && JSON.stringify([clip, patient ?? group]),
  patient: ({ patient }: Known) => patient,
};

/**
 * For each image of the list the indices of its partners, ascending; none for images that have none, or that are not trained on. An image with
 * the same bytes is no partner.
 * @param training indices of the images that are trained on: whoever has a partner has it there
 * @throws UserError where no image has any
 */
export function partnersOf(
  images: readonly Known[],
  positives: Exclude<PretrainConfig["positives"], "augment">,
  training: readonly number[],
): Int32Array[] {
  const keyOf = (i: number) => shared[positives](images[i]);
  const known = training.filter((i) => keyOf(i));
  const partners = images.map(() => new Int32Array(0));
  for (const members of groupBy(known, keyOf).values())
    for (const i of members) partners[i] = Int32Array.from(members.filter((j) => images[j].sha256 !== images[i].sha256)).sort();
  if (partners.some(({ length }) => length > 0)) return partners;
  const needs = { clip: "clips of two frames or more", patient: "patients with two images or more" }[positives];
  throw new UserError(
    `pretrain.positives=${positives} needs ${needs}, but of the ${training.length} images to train on ${known.length} name a ${positives} and none has a partner there; set pretrain.positives=augment`,
    { status: 422 },
  );
}
