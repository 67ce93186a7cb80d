/** @file Starts a program of another room: the command line may not import server or web, and need not carry their memory. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../util/files.ts";
import { UserError } from "../util/user-error.ts";

/** Starts `program` (relative to the repository) with this terminal's stdio, and a channel by which it learns that we died. */
export function spawnRoom(program: string, args: readonly string[] = [], stdout: "inherit" | "ignore" = "inherit"): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", join(packageRoot, program), ...args], {
    cwd: packageRoot,
    stdio: ["ignore", stdout, "inherit", "ipc"],
  });
}

/** Waits for a program's end; its exit code, 1 where a signal killed it. */
export const exitCodeOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => child.once("error", reject).once("exit", (code) => resolve(code ?? 1)));

/** Waits for a program's end. @throws UserError where it fails and `what` should not have */
export async function finished(child: ChildProcess, what: string): Promise<void> {
  const code = await exitCodeOf(child);
  if (code !== 0) throw new UserError(`${what} failed with exit code ${code}; its message is above`);
}
