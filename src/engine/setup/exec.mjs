/** @file Child processes of the set-up. */
import { spawn } from "node:child_process";

/** Children that still run, so that whoever ends the set-up ends them too. */
export const children = new Set();

/**
 * Runs a command to its end; never rejects (127: no such command).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in ms
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    children.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    const end = (/** @type {number} */ code) => {
      children.delete(child);
      done({ code, stdout, stderr });
    };
    child.on("error", (error) => {
      stderr += error.message;
      end(127);
    });
    child.on("close", (code, signal) => {
      if (signal) stderr += `\nended by ${signal}`;
      end(code ?? 128);
    });
  });
}

/**
 * The first of these commands that runs, with the first line that it printed.
 * @param {readonly string[]} commands
 * @param {readonly string[]} args
 * @returns {Promise<{ command: string, line: string } | undefined>}
 */
export async function firstThatRuns(commands, args) {
  for (const command of commands) {
    const { code, stdout } = await run(command, args);
    if (code === 0) return { command, line: stdout.split("\n")[0].trim() };
  }
}

/**
 * The last lines of a tool's output that say something.
 * @param {string} text
 */
export const tail = (text, lines = 12) => text.trim().split("\n").slice(-lines).join("\n");
