/** @file Assertions that numeric tests need: nearness with a stated tolerance, and user errors. */
import * as assert from "uvu/assert";
import { UserError } from "../util/user-error.ts";

/** How far two numbers may lie apart: |a - b| ≤ atol + rtol·|b|. NaN equals NaN. */
export interface Tolerance {
  atol?: number;
  rtol?: number;
}

function near(a: number, b: number, { atol = 0, rtol = 0 }: Tolerance): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
}

/** Asserts that numbers, or arrays of them (flattened), are near each other. */
export function assertClose(
  actual: number | ArrayLike<number>,
  expected: number | readonly unknown[] | ArrayLike<number>,
  tolerance: Tolerance,
  message = "",
): void {
  const a = typeof actual === "number" ? [actual] : Array.from(actual);
  const b = typeof expected === "number" ? [expected] : (Array.from(expected as ArrayLike<unknown>).flat(9) as number[]);
  assert.is(a.length, b.length, `${message} length`);
  for (let i = 0; i < a.length; i++)
    if (!near(a[i], b[i], tolerance))
      assert.unreachable(
        `${message} [${i}]: got ${a[i]}, expected ${b[i]} within atol ${tolerance.atol ?? 0}, rtol ${tolerance.rtol ?? 0}`,
      );
}

/** Asserts that `body` fails (now or later) with a UserError that matches. */
export async function assertUserError(body: () => unknown, pattern: RegExp): Promise<void> {
  try {
    await body();
  } catch (error) {
    assert.instance(error, UserError, `not a UserError: ${String(error)}`);
    assert.match((error as Error).message, pattern);
    return;
  }
  assert.unreachable("nothing was thrown");
}
