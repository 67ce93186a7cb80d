/** @file A mistake that the user can cure: one sentence with what, where, the value seen and the cure. */

/**
 * Thrown for bad input. The CLI prints only the message and exits with 1; the API answers with `status`.
 * Anything else that is thrown is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly status: 400 | 404 | 409 | 413 | 415 | 422 | 429 | 503;

  constructor(message: string, options: { status?: UserError["status"]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status ?? 400;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
