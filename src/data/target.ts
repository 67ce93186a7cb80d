/** @file What is predicted: the label of an image, or a column of the data set's own tables; a class may stand for several values. */
import { valuesOf } from "../config/data.ts";
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";
import { UNLABELLED, type ListedImage } from "./manifest.ts";

/**
 * Images whose label is the value of `target`, by the name of its class where `classes` has one for it.
 * @throws UserError where no image has such a column
 */
export function withTarget<T extends Pick<ListedImage, "label" | "annotations">>(
  images: readonly T[],
  target: string,
  classes: readonly string[] = [],
): T[] {
  if (target !== "label") checkColumn(images, target);
  const classOf = new Map(classes.flatMap((name) => valuesOf(name).map((value) => [value, name] as const)));
  return images.map((image) => {
    const value = target === "label" ? image.label : image.annotations?.[target] || UNLABELLED;
    return { ...image, label: classOf.get(value) ?? value };
  });
}

function checkColumn(images: readonly Pick<ListedImage, "annotations">[], target: string): void {
  const columns = [...new Set(images.flatMap(({ annotations }) => Object.keys(annotations ?? {})))].sort();
  if (columns.includes(target)) return;
  const near = nearest(target, columns);
  const cure =
    columns.length === 0
      ? "this data set has labels only: set data.target to label"
      : near === undefined
        ? `set data.target to label or one of ${columns.join(", ")}`
        : `did you mean "${near}"?`;
  throw new UserError(`data.target: the data set has no column "${target}": ${cure}`, { status: 422 });
}
