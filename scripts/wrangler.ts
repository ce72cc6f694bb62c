// Wrangler, called by the path of its own script and with this Node: node_modules/.bin would take whichever
// Node comes first in PATH, which may be too old for it.
import type { ChildProcess } from "node:child_process";
import { text } from "node:stream/consumers";
import { startNode } from "./children.ts";

export type WranglerRun = { code: number; stdout: string; stderr: string };

const entry = "node_modules/wrangler/bin/wrangler.js";

/** Starts a wrangler that keeps running; it reports by message when it serves. */
export function startWrangler(project: string, args: readonly string[]): ChildProcess {
  return startNode([entry, ...args], {
    cwd: project,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

/** Runs wrangler to its end. It never asks: without a terminal it takes its defaults or fails. */
export async function runWrangler(
  project: string,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<WranglerRun> {
  const child = startNode([entry, ...args], {
    cwd: project,
    env: { ...environment(), CI: "1", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  const [stdout, stderr, code] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    ended,
  ]);
  return { code, stdout, stderr };
}

/** What wrangler says went wrong, without its banner and its log file's path. */
export function complaintOf(run: Pick<WranglerRun, "stdout" | "stderr">): string {
  const lines = `${run.stdout}\n${run.stderr}`
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trim());
  const first = lines.findIndex((line) => /^(✘|X) /.test(line));
  return lines
    .slice(Math.max(first, 0))
    .map((line) => line.replace(/^(✘|X) \[ERROR\] /, ""))
    .filter((line) => line !== "" && !/Logs were written to|wrangler \d|^─+$/.test(line))
    .join("\n");
}

// Quiet and offline: no metrics, no request for the `cf` object of a sample request.
const environment = (): NodeJS.ProcessEnv => ({
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  ...process.env,
});
