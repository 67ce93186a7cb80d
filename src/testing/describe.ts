/** @file A uvu suite that cannot forget to run: `describe("ntXent", (test) => { test("is …", () => …) })`. */
import { suite, type Test } from "uvu";

export function describe(name: string, body: (test: Test) => void): void {
  const test = suite(name);
  body(test);
  test.run();
}
