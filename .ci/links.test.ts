import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { allLinkFaults, anchorOf } from "./links.ts";

describe("allLinkFaults", (test) => {
  const root = mkdtempSync(join(tmpdir(), "links-"));
  test.after(() => rmSync(root, { recursive: true }));
  for (const folder of ["docs", "src/losses", "node_modules"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "docs/page.md"), "# The page\n[up](../README.md) [self](#the-page) ![figure](absent.png)\n");
  writeFileSync(join(root, "node_modules/README.md"), "[x](absent.md)");

  test("names page, line and link of every dead file, heading and path, and nothing else", () => {
    writeFileSync(
      join(root, "README.md"),
      `# sonomark
[good](docs/page.md#the-page) [folder](docs) [web](https://example.org/x) [mail](mailto:a@b.c) [titled](docs/page.md "title")
[dead](docs/gone.md)
[dead heading](docs/page.md#gone)
\`src/losses/\` is there, \`src/losses/gone.ts\` is not, \`src/losses/<loss>.ts\` is a pattern
\`\`\`
[in code](gone.md)
\`\`\`
[after code](gone.md)
`,
    );
    assert.equal(allLinkFaults(root).sort(), [
      "README.md:3 docs/gone.md: no such file",
      "README.md:4 docs/page.md#gone: no such heading",
      "README.md:5 src/losses/gone.ts: no such file",
      "README.md:9 gone.md: no such file",
      "docs/page.md:2 absent.png: no such file",
    ]);
  });
});

describe("anchorOf", (test) => {
  test("drops punctuation and joins words", () => assert.is(anchorOf("`src/`, lowest first: a_b?"), "src-lowest-first-a_b"));
});
