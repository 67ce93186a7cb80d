/** @file Keeps the inference process: started when first asked, one question at a time, restarted after a crash, ended when idle. */
import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { inferenceAnswerSchema, type InferenceAnswer, type InferenceRequest } from "../src/config/inference.ts";
import { packageRoot } from "../src/util/files.ts";
import { passOn } from "../src/run/quiet-stderr.ts";
import { UserError } from "../src/util/user-error.ts";

export type InferenceQuestion = Omit<InferenceRequest, "id">;
export type InferenceResult = Extract<InferenceAnswer, { ok: true }>;

/** Something that answers questions about images. TensorFlow never runs in the server's own process. */
export interface Inference {
  /**
   * @param signal fires when nobody waits for the answer any more: a question still in the queue is then dropped
   * @throws UserError 429 where too many wait, 503 where the process died or took too long, or what the process says of the image
   */
  ask(question: InferenceQuestion, signal?: AbortSignal): Promise<InferenceResult>;
  close(): void;
}

export interface InferenceOptions {
  /** program to start */
  script?: string;
  /** questions that may wait or run at once */
  queueLimit?: number;
  /** longest time for one answer, start of the process included */
  timeLimitMs?: number;
  /** time without a question after which the process is ended and its memory returned */
  idleMs?: number;
}

const STATUSES: readonly number[] = [400, 404, 409, 413, 415, 422, 429, 503] satisfies UserError["status"][];
const isUserStatus = (status: number): status is UserError["status"] => STATUSES.includes(status);

export function startInference({
  script = join(packageRoot, "analysis/inference.ts"),
  queueLimit = 8,
  timeLimitMs = 120_000,
  idleMs = 180_000,
}: InferenceOptions = {}): Inference {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const end = () => {
    clearTimeout(idle);
    child?.kill("SIGKILL"); // it only reads: nothing can be left half-written
    child = undefined;
  };

  const start = (): ChildProcess => {
    const started = fork(script, { cwd: packageRoot, execArgv: ["--import", "tsx"], stdio: ["ignore", 2, "pipe", "ipc"] });
    if (started.stderr) passOn(started.stderr);
    started.once("exit", () => {
      if (child === started) child = undefined;
    });
    return started;
  };

  const exchange = (question: InferenceQuestion): Promise<InferenceResult> => {
    clearTimeout(idle);
    const worker = (child ??= start());
    const id = randomUUID();
    return new Promise<InferenceResult>((resolve, reject) => {
      const failed = (message: string) => settle(() => reject(new UserError(message, { status: 503 })));
      const died = () =>
        failed("the inference process died, and will start anew with the next image; if memory is short, close other programs");
      const timer = setTimeout(() => {
        end();
        failed(`no answer within ${timeLimitMs / 1000} s; choose a cheaper method (fewer steps) or wait until the machine is less busy`);
      }, timeLimitMs);
      const listen = (message: unknown) => {
        const answer = inferenceAnswerSchema.safeParse(message);
        if (!answer.success) return settle(() => reject(new TypeError(`inference: not an answer: ${answer.error.message}`)));
        if (answer.data.id !== id) return undefined;
        const { data } = answer;
        if (data.ok) return settle(() => resolve(data));
        const { status, message: said } = data;
        return settle(() => reject(isUserStatus(status) ? new UserError(said, { status }) : new Error(`inference process: ${said}`)));
      };
      const settle = (then: () => void) => {
        clearTimeout(timer);
        worker.off("message", listen).off("exit", died).off("error", died);
        then();
      };
      worker.on("message", listen).once("exit", died).once("error", died);
      worker.send({ id, ...question } satisfies InferenceRequest, (error) => error && died());
    }).finally(() => {
      idle = setTimeout(end, idleMs).unref();
    });
  };

  return {
    async ask(question, signal) {
      if (waiting >= queueLimit)
        throw new UserError(`${waiting} images wait for an answer already; try again in a moment`, { status: 429 });
      waiting++;
      const answer = turn.then(() => {
        if (signal?.aborted) throw new UserError("nobody waits for this answer any more", { status: 503 });
        if (closed) throw new UserError("the server is closing", { status: 503 });
        return exchange(question);
      });
      turn = answer.catch(() => {});
      return answer.finally(() => waiting--);
    },
    close() {
      closed = true;
      end();
    },
  };
}
