import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { analysisSchema } from "./analysis.ts";
import { parseConfig } from "./parse.ts";

describe("analysisSchema", (test) => {
  test("refuses an inner rim that leaves no outer one, with the setting's name", () =>
    assertUserError(
      () => parseConfig(analysisSchema, { innerRim: 0.4 }, "study s"),
      /^study s: innerRim: must be less than rim, which counts both rims, got 0\.4$/,
    ));
});
