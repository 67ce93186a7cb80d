/**
 * @file The page in a real browser, on the store SONOMARK_E2E_STORE: an upload is predicted with an overlay, nothing leaves the origin,
 * nothing is logged as an error, axe finds no fault. SONOMARK_SCREENSHOT=<file.png> keeps a picture.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "..");
const executablePath = [process.env.SONOMARK_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
if (!executablePath) {
  console.error("no Chromium found: install it (Debian: apt-get install chromium), or set SONOMARK_CHROMIUM to its path");
  process.exit(1);
}
const store = process.env.SONOMARK_E2E_STORE ?? join(root, "mlruns");
const upload = process.env.SONOMARK_E2E_IMAGE ?? join(root, "experiments/sample/BUSBRA/Images/bus_0003-l.png");

const server = spawn(process.execPath, ["--import", "tsx", "server/main.ts", "--json", "--store", store], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((done, fail) => {
  server.stdout.setEncoding("utf8").once("data", (text) => done(JSON.parse(text).url));
  server.once("exit", (code) => fail(new Error(`the server ended with ${code}`)));
});

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
const problems = [];
try {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  page.on("request", (request) => !request.url().startsWith(url) && !/^(data|blob):/.test(request.url()) && problems.push(`outside request: ${request.url()}`));

  await page.goto(url);
  await page.locator('input[type="file"]').setInputFiles(upload);
  await page.getByText(/mean of/i).first().waitFor({ timeout: 60_000 });
  await page.locator("canvas").first().waitFor();
  const painted = await page.locator("canvas").first().evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i + 1] !== data[i + 2]) coloured++;
    return coloured / (data.length / 4);
  });
  if (!(painted > 0.02)) problems.push(`the overlay colours ${(100 * painted).toFixed(1)} % of the canvas: it is not there`);
  if (process.env.SONOMARK_SCREENSHOT) await page.screenshot({ path: process.env.SONOMARK_SCREENSHOT });

  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  problems.push(...violations.map(({ id, help, nodes }) => `axe: ${id}: ${help} (${nodes[0].html.slice(0, 120)})`));
} finally {
  await browser.close();
  server.kill("SIGTERM");
}
if (problems.length > 0) console.error(problems.join("\n"));
process.exitCode = problems.length > 0 ? 1 : 0;
