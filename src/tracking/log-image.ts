/** @file Images the way MLflow's `log_image` names them, so that its UI shows them as a series over steps. */
import { UserError } from "../util/user-error.ts";
import type { Store } from "./store.ts";

export interface LoggedImage {
  /** name of the series; letters, digits, "_", "-", ".", "/" and spaces */
  key: string;
  step: number;
  /** ms since 1970 */
  timestamp: number;
  /** a UUID in lower case: two images of one key and step stay apart */
  id: string;
  png: Uint8Array;
  /** WebP that fits 256 × 256 pixels; the UI shows it in lists */
  thumbnail: Uint8Array;
}

/** Its presence, with any value, makes the UI look into `images/`. */
const LOGGED_IMAGES_TAG = "mlflow.loggedImages";

/**
 * The two artifact paths of an image. One name in `images/` that breaks the pattern hides all images of the run, so nothing else goes there.
 * @throws UserError for a key that the pattern cannot hold; RangeError for a step, time or id that it cannot hold
 */
export function imagePaths({ key, step, timestamp, id }: Omit<LoggedImage, "png" | "thumbnail">): { png: string; thumbnail: string } {
  if (!/^[a-zA-Z0-9_\-./ ]+$/.test(key))
    throw new UserError(
      `image key ${JSON.stringify(key)} cannot be stored in MLflow: use letters a to z, digits, "_", "-", ".", "/" and spaces`,
    );
  if (!Number.isSafeInteger(step) || !Number.isSafeInteger(timestamp))
    throw new RangeError(`imagePaths: step and timestamp must be integers, got ${step}, ${timestamp}`);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new RangeError(`imagePaths: id must be a UUID in lower case, got ${id}`);
  const stem = `images/${key.replaceAll("/", "~")}+step+${step}+timestamp+${timestamp}+${id}`;
  return { png: `${stem}.png`, thumbnail: `${stem}+compressed.webp` };
}

/** Writes both files, then the tag. */
export async function logImage(store: Store, runId: string, image: LoggedImage): Promise<void> {
  const paths = imagePaths(image);
  await store.putArtifact(runId, paths.png, image.png);
  await store.putArtifact(runId, paths.thumbnail, image.thumbnail);
  await store.setTags(runId, { [LOGGED_IMAGES_TAG]: "True" });
}
