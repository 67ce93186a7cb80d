/** @file Part of BUSI against our own reading of it: the pairs that are hard, and the ones between classes. All of it: `npm run bench -- duplicates`. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { decodeGrey } from "../../image/decode.ts";
import { describe } from "../../testing/describe.ts";
import { realData } from "../../testing/real-data.ts";
import { disjointSets } from "../../util/disjoint-sets.ts";
import { mapInFlight } from "../../util/in-flight.ts";
import { findDuplicates } from "./find.ts";
import reading from "./fixtures/busi-pairs.json" with { type: "json" };
import { signatureOf } from "./signature.ts";

const root = await realData("busi/Dataset_BUSI_with_GT");
const classOf = (id: string) => id.split(" ")[0];

describe("our reading of BUSI", (test) => {
  test("has every image in one group, and calls no two images of a group different", () => {
    const groupOf = new Map(reading.groups.flatMap((group, g) => group.map((id) => [id, g] as const)));
    assert.is(groupOf.size, reading.groups.flat().length);
    for (const group of reading.groups) assert.ok(group.length > 1, `${group.join()} is a group of one`);
    for (const [a, b] of reading.different)
      assert.ok(a !== b && (!groupOf.has(a) || groupOf.get(a) !== groupOf.get(b)), `${a} and ${b} are called both`);
  });
});

describe("findDuplicates on BUSI", (test) => {
  if (!root) test.skip("joins the images that we read as one frame", () => {});
  else
    test("joins the images that we read as one frame, across classes too, and parts those that only look alike", async () => {
      const across = reading.groups.filter((group) => new Set(group.map(classOf)).size > 1);
      const ids = [...new Set([...across, ...reading.different].flat())];
      const signatures = await mapInFlight(ids, 4, async (id) =>
        signatureOf(await decodeGrey(await readFile(join(root, classOf(id), `${id}.png`)), id)),
      );
      const sets = disjointSets(ids.length);
      for (const { a, b } of findDuplicates(signatures)) sets.join(a, b);
      const joined = (a: string, b: string) => sets.find(ids.indexOf(a)) === sets.find(ids.indexOf(b));
      for (const [first, ...others] of across)
        for (const other of others) assert.ok(joined(first, other), `${first} and ${other} are one frame`);
      for (const [a, b] of reading.different) assert.not.ok(joined(a, b), `${a} and ${b} are two frames`);
    });
});
