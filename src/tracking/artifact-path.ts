/** @file Artifact paths that stay inside their run and survive every MLflow server. */
import { UserError } from "../util/user-error.ts";

/**
 * The path itself, once it is known to be relative, "/"-separated and free of "", "." and ".." parts.
 * @throws UserError
 */
export function checkArtifactPath(path: string): string {
  const inside = path !== "" && !/[\\\0]/.test(path) && path.split("/").every((part) => !["", ".", ".."].includes(part));
  if (!inside)
    throw new UserError(
      `artifact path ${JSON.stringify(path)} must be relative and stay inside the run: write it like "maps/grad-cam.npy"`,
    );
  return path;
}

/**
 * For new artifacts: also free of what MLflow's servers refuse (`#`) or decode a second time (`%41`).
 * @throws UserError
 */
export function checkNewArtifactPath(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/#|%[0-9a-f]{2}|[\u0000-\u001f\u007f]/i.test(path))
    throw new UserError(
      `artifact path ${JSON.stringify(path)} would not survive an MLflow server: leave out "#", "%" before two hex digits, and control characters`,
    );
  return checkArtifactPath(path);
}
