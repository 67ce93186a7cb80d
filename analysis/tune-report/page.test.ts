import * as assert from "uvu/assert";
import { describe } from "../../src/testing/describe.ts";
import { found, foundEvaluation, foundFile, foundOptimistic } from "../../src/testing/found-search.ts";
import { courseFigure } from "./figures/course.ts";
import { importanceFigure } from "./figures/importance.ts";
import { parallelFigure } from "./figures/parallel-coordinates.ts";
import { tunePage } from "./page.ts";

const { config, trials } = foundFile;
const count = (text: string, part: RegExp): number => [...text.matchAll(part)].length;

describe("tunePage", (test) => {
  test("is one document that loads nothing, and what a trial failed of is text in it", async () => {
    const page = await tunePage({ file: foundFile, tuned: found, evaluation: foundEvaluation, optimistic: foundOptimistic });
    assert.match(page, /^<!doctype html>/);
    assert.is(count(page, /(src|href)="(?!#)|@import|url\(|<script/g), 0);
    assert.ok(page.includes("failed: the loss is &lt;NaN&gt; at epoch 2"));
    assert.is(count(page, /<tr>\s*<th>\d/g), trials.length);
    assert.match(page, /0\.875 \[0\.750, 0\.938\]/);
    assert.match(page, /optimistic/);
  });
  test("warns where labels led what was tried, and says so where they did not", async () => {
    const of = (strict: boolean) =>
      tunePage({ file: foundFile, tuned: { ...found, strict }, evaluation: foundEvaluation, optimistic: foundOptimistic });
    assert.match(await of(false), /statement warning">[^<]*was led by means over all folds/);
    assert.match(await of(true), /depends on no label/);
  });
});

describe("parallelFigure", (test) => {
  const drawn = async () => String(await parallelFigure(config, trials, "inner AUROC"));
  test("has a line for each trial that did not fail, the best complete one on top", async () => {
    const figure = await drawn();
    const lines = [...figure.matchAll(/class="(line[^"]*)" d="[^"]*"\s*>?\s*<title>trial (\d+)/g)].map(([, kind, number]) => [
      kind,
      number,
    ]);
    assert.is(lines.length, 6);
    assert.equal(lines.at(-1), ["line best", "4"]);
    assert.equal(lines[0], ["line pruned", "2"]);
  });
  test("draws a learning rate at the middle of its decades", async () => {
    const figure = await drawn();
    // 0.01 is half-way from 0.001 to 0.1: y = 46 + 300 / 2, on the first axis at x = 90
    assert.match(figure, /d="M90,196L[^"]*"\s*>?\s*<title>trial 0:/);
    assert.match(figure, /learningRate \(log\)/);
  });
});

describe("importanceFigure", (test) => {
  test("bars are as long as shares, the longest on top", async () => {
    const figure = String(await importanceFigure([...found.importance].reverse()));
    const widths = [...figure.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    assert.equal(widths, [0.75 * 390, 0.25 * 390]);
  });
});

describe("courseFigure", (test) => {
  test("has a dot for each value, a ring for a pruned one", async () => {
    const figure = String(await courseFigure(trials, "maximise", "inner AUROC"));
    assert.is(count(figure, /class="dot found first"/g), 5);
    assert.is(count(figure, /class="dot pale"/g), 1);
  });
});
