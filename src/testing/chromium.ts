/** @file A page in a real browser, for tests: what it logs, what it asks of the network, what axe finds. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** Path of the browser: `SONOMARK_CHROMIUM`, else one on the path; undefined where there is none. */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const onPath = (env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [env.SONOMARK_CHROMIUM, ...onPath].find((path) => path && existsSync(path));
}

export interface SeenPage {
  /** console errors, uncaught errors, requests beyond the page itself */
  problems: string[];
  /** faults that axe finds, as "id: help (elements)" */
  faults: string[];
  /** whether the page is wider than its window */
  overflows: boolean;
  /** ids that links within the page lead to nothing */
  deadLinks: string[];
}

/** Opens a page from a file in both colour schemes, the second on a narrow screen. */
export async function seePage(file: string, executablePath: string): Promise<SeenPage> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const seen: SeenPage = { problems: [], faults: [], overflows: false, deadLinks: [] };
  try {
    for (const [colorScheme, width] of [["light", 1280] as const, ["dark", 400] as const]) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      page.on("console", (message) => message.type() === "error" && seen.problems.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => seen.problems.push(`page: ${error.message}`));
      page.on("request", (request) => {
        if (request.url() !== `file://${file}` && !request.url().startsWith("data:")) seen.problems.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${file}`);
      seen.overflows ||= await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      seen.deadLinks.push(
        ...(await page.evaluate(() =>
          [...document.querySelectorAll('a[href^="#"]')]
            .map((link) => link.getAttribute("href")!.slice(1))
            .filter((id) => !document.getElementById(id)),
        )),
      );
      await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
      const { violations } = await page.evaluate(() =>
        (
          globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }
        ).axe.run(),
      );
      seen.faults.push(
        ...violations.map(
          ({ id, help, nodes }) =>
            `${colorScheme} ${id}: ${help} (${nodes
              .slice(0, 3)
              .map((node) => node.html.slice(0, 160))
              .join(" | ")})`,
        ),
      );
    }
  } finally {
    await browser.close();
  }
  return seen;
}
