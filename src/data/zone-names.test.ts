import * as assert from "uvu/assert";
import { zoneSchema } from "../config/biomarkers.ts";
import { zoneNames } from "../image/zones.ts";
import { describe } from "../testing/describe.ts";

describe("zoneNames", (test) => {
  // src/image may not import the config, so nothing but this test keeps codes and names together
  test("are those of the results, in their order", () => assert.equal([...zoneNames], zoneSchema.options));
});
