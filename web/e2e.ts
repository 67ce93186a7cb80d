/**
 * @file The page in a real browser, with real models: `SONOMARK_E2E_STORE=<store> node --import tsx web/e2e.ts`.
 * SONOMARK_E2E_STORE holds a finished study (else mlruns does), SONOMARK_E2E_IMAGE is uploaded, SONOMARK_SCREENSHOT=<file.png> keeps a picture.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import sharp from "sharp";
import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";

const root = resolve(import.meta.dirname, "..");
const store = process.env.SONOMARK_E2E_STORE ?? join(root, "mlruns");
const image = process.env.SONOMARK_E2E_IMAGE ?? join(root, "experiments/sample/BUSBRA/Images/bus_0003-l.png");

/** Longest wait for an answer: the inference process starts with the first one. */
const PATIENCE = 90_000;

function chromiumPath(): string {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [process.env.SONOMARK_CHROMIUM, ...onPath].find((path) => path && existsSync(path));
  if (found) return found;
  console.error("no Chromium found: install it (Debian: apt-get install chromium), or set SONOMARK_CHROMIUM to its path");
  process.exit(1);
}

let server: ChildProcess;
let url: string;
let browser: Browser;

/** A page, and everything that went wrong in it. */
async function open(options: { colorScheme?: "light" | "dark"; bypassCSP?: boolean } = {}): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const problems: string[] = [];
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) problems.push(`outside request: ${request.url()}`);
  });
  await page.goto(url);
  await page.locator(".thumb").first().waitFor();
  return { page, problems };
}

/** Waits until the last question is answered; a refusal fails at once, in its own words. */
async function answered(page: Page): Promise<void> {
  const refusal = page.locator(".reading .problem");
  await page.locator(".answer:not(.stale)").or(refusal).first().waitFor();
  assert.equal(await refusal.allInnerTexts(), []);
}

/** Share of the canvas that is not grey. */
const colouredShare = (page: Page): Promise<number> =>
  page.locator(".picture canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i + 1] !== data[i + 2]) coloured++;
    return coloured / (data.length / 4);
  });

async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }
    ).axe.run(),
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.html.slice(0, 160)).join(" | ")})`);
}

/** A black PNG of 100 megapixels; it takes one megabyte. */
const hugePng = (): Promise<Buffer> =>
  sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: "#000" } })
    .toColourspace("b-w")
    .png({ compressionLevel: 1 })
    .toBuffer();

describe("the page", (test) => {
  test.before(async () => {
    const executablePath = chromiumPath();
    assert.is(spawnSync(process.execPath, ["web/build.mjs"], { cwd: root, stdio: "inherit" }).status, 0, "the page does not build");
    server = spawn(process.execPath, ["--import", "tsx", "server/main.ts", "--port", "0", "--json", "--store", store], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(server, "exit").then(() => Promise.reject(new Error("the server ended before it gave its address")));
    const [line] = (await Promise.race([once(server.stdout!, "data"), ended])) as [Buffer];
    url = (JSON.parse(line.toString()) as { url: string }).url;
    const args = [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
    ];
    browser = await chromium.launch({ executablePath, args });
  });
  test.after(async () => {
    await browser?.close();
    if (server?.kill("SIGTERM")) await once(server, "exit");
  });

  test("an uploaded image is answered by every fold model, with its map in colour over the grey image", async () => {
    const { page, problems } = await open();
    await page.locator('input[type="file"]').setInputFiles(image);
    await answered(page);
    assert.match(await page.locator(".source").first().innerText(), /^Mean of the \d+ fold models/);
    const models = await page.locator(".models b").allInnerTexts();
    const mean = models.reduce((sum, text) => sum + Number(text), 0) / models.length;
    assert.ok(Math.abs(Number(await page.locator(".probability .number").innerText()) - mean) < 0.001, "the number is the models' mean");
    assert.ok((await colouredShare(page)) > 0.02, "the overlay is there");
    if (process.env.SONOMARK_SCREENSHOT) await page.screenshot({ path: process.env.SONOMARK_SCREENSHOT });
    assert.equal(problems, []);
    await page.context().close();
  });

  test("by keyboard alone: a study image is chosen, answered by the model that held it out, and as the study recorded", async () => {
    const { page, problems } = await open();
    const inThumbs = () => page.evaluate(() => document.activeElement?.closest(".thumbs") !== null);
    for (let presses = 0; presses < 30 && !(await inThumbs()); presses++) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight"); // the first question is dropped
    await answered(page);
    const [source, record] = await page.locator(".source").allInnerTexts();
    assert.match(source!, /^Answered by the model of fold \d+, the only one that did not train on this patient\.$/);
    assert.match(record!, /^Recorded class: \w+\. The study recorded [\d.]+, the same\.$/);
    assert.match((await page.locator(".marks .lesion").getAttribute("d"))!, /^M/);
    assert.equal(problems, []);
    await page.context().close();
  });

  test("opacity 0 shows the plain image; another colour map, another picture", async () => {
    const { page, problems } = await open();
    await page.locator(".thumb input").first().check({ force: true });
    await answered(page);
    const picture = () => page.locator(".picture canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const diverging = await picture();
    await page.getByLabel("Colours").selectOption("viridis");
    assert.is.not(await picture(), diverging);
    await page.getByLabel("Opacity").focus();
    await page.keyboard.press("Home");
    assert.is(await colouredShare(page), 0);
    assert.equal(problems, []);
    await page.context().close();
  });

  test("another method and its settings give another map", async () => {
    const { page, problems } = await open();
    await page.locator(".thumb input").first().check({ force: true });
    await answered(page);
    const picture = () => page.locator(".picture canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await picture();
    await page.getByLabel("Method").selectOption("integrated-gradients");
    await answered(page);
    assert.is.not(await picture(), before);
    await page.getByLabel("Cells", { exact: true }).fill("4");
    await page.keyboard.press("Enter");
    await page.getByText("Native cells (4 × 4)").waitFor();
    assert.equal(problems, []);
    await page.context().close();
  });

  test("what is no image, and a header of 100 megapixels, are refused in words", async () => {
    const { page } = await open();
    const files: [string, Buffer, RegExp][] = [
      ["letter.png", Buffer.from("no image at all"), /no PNG, JPEG, TIFF or BMP image/],
      ["huge.png", await hugePng(), /100 megapixels, over the limit/],
      ["empty.png", Buffer.alloc(0), /empty/],
    ];
    for (const [name, buffer, words] of files) {
      await page.locator('input[type="file"]').setInputFiles({ name, mimeType: "image/png", buffer });
      await page.getByRole("alert").filter({ hasText: words }).waitFor();
    }
    await page.context().close();
  });

  test("results and runs are drawn, and the chart tells values at a step", async () => {
    const { page, problems } = await open();
    assert.ok((await page.locator(".roc path.line").count()) > 0, "ROC curves");
    assert.ok((await page.locator(".biomarkers tbody .interval").count()) > 0, "forest plot");
    await page.locator(".metrics path.line").first().waitFor();
    const step = page.getByLabel(/^Step/);
    const last = Number(await step.inputValue());
    await step.focus();
    await page.keyboard.press("ArrowLeft");
    assert.is(Number(await step.inputValue()), last - 1);
    const shown = await page.locator(".metrics path.line").count();
    await page.locator(".values input").first().uncheck();
    assert.is(await page.locator(".metrics path.line").count(), shown - 1);
    await page.getByRole("button", { name: "evaluate" }).click();
    await page.getByRole("heading", { name: "Parameters of evaluate" }).waitFor();
    assert.equal(problems, []);
    await page.context().close();
  });

  for (const colorScheme of ["light", "dark"] as const)
    test(`axe finds no fault, ${colorScheme}`, async () => {
      const { page } = await open({ colorScheme, bypassCSP: true });
      await page.locator(".thumb input").first().check({ force: true });
      await answered(page);
      await page.locator(".metrics path.line").first().waitFor();
      assert.equal(await axeFaults(page), []);
      await page.context().close();
    });
});
