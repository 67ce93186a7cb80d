/** @file The tags that MLflow's own clients set on each run: who, which program, which commit. */
import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { userInfo } from "node:os";
import { relative } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../util/files.ts";

export interface TagSource {
  /** the program, for `mlflow.source.name`; the running script by default */
  program?: string;
  /** folder of the repository */
  root?: string;
  env?: NodeJS.ProcessEnv;
}

/** `mlflow.user`, `mlflow.source.name`, `mlflow.source.type` and, where `root` is a git repository, `mlflow.source.git.commit`. */
export async function nativeTags({ program = process.argv[1] ?? "node", root = packageRoot, env = process.env }: TagSource = {}): Promise<
  Record<string, string>
> {
  const commit = await commitOf(root);
  const path = relative(root, program);
  return {
    "mlflow.user": env.MLFLOW_TRACKING_USERNAME || userName(),
    "mlflow.source.name": path.startsWith("..") ? program : path,
    "mlflow.source.type": "LOCAL",
    ...(commit === undefined ? {} : { "mlflow.source.git.commit": commit }),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown"; // a container's user without an entry in /etc/passwd
  }
}

/** The checked-out commit, or undefined without git, and where `root` merely lies inside somebody else's repository. */
async function commitOf(root: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "--show-toplevel", "HEAD"], { cwd: root });
    const [top, commit] = stdout.trim().split("\n");
    return top === (await realpath(root)) ? commit : undefined;
  } catch {
    return undefined;
  }
}
