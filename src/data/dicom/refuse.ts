/**
 * @file How DICOM files are refused. What stands in a file may name a person, and so may what a library says of it: sentences quote
 * binary numbers and words of our own only, no text (a number of frames is text), and no cause is chained.
 */
import { UserError } from "../../util/user-error.ts";

/** @param name what messages call the file: a safe name, see safe-name.ts */
export function refuse(name: string, what: string, status: UserError["status"] = 422): UserError {
  return new UserError(`${name}: ${what}`, { status });
}

export const cutShort = (name: string): UserError => refuse(name, "the DICOM file is damaged or cut short; export it again");

/** Runs a foreign parser or decoder: whatever it throws becomes `refusal()`, and what it said is dropped. */
export async function orRefuse<T>(body: () => T | Promise<T>, refusal: () => UserError): Promise<T> {
  try {
    return await body();
  } catch {
    throw refusal();
  }
}
