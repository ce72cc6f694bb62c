// `.dev.vars`: the secrets of a local start. What is there stays; what is missing is made.
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { parseEnv } from "node:util";
import { makeSecret, secretNames, writePrivate } from "../secrets.ts";
import { writing } from "../trouble.ts";

export type DevVars = { values: Record<string, string>; made: string[] };

export const readDevVars = (path: string): Record<string, string> =>
  readVars(existsSync(path) ? readFileSync(path, "utf8") : "");

/** Reads the file, adds the secrets it lacks, and keeps it readable by its owner alone. */
export function completeDevVars(path: string): DevVars {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const values = readVars(text);
  const made = secretNames.filter((name) => !values[name]);
  if (made.length > 0) {
    const lines = made.map((name) => `${name}=${makeSecret(name)}`);
    writePrivate(path, addLines(text, lines));
  } else if (process.platform !== "win32" && statSync(path).mode & 0o077) {
    writing(path, () => chmodSync(path, 0o600));
  }
  return { values: readVars(readFileSync(path, "utf8")), made };
}

/** A shell expression that reads one value of the file, for commands that people paste. */
export function shellValueOf(name: string, path: string): string {
  const line = readFileSync(path, "utf8").match(new RegExp(`^${name}=(.*)$`, "m"))?.[1] ?? "";
  const unquote = /["']/.test(line) ? ` | tr -d "\\"'"` : "";
  return `$(sed -n 's/^${name}=//p' '${path}'${unquote})`;
}

const readVars = (text: string): Record<string, string> => parseEnv(text) as Record<string, string>;

// A copied example has the names with nothing behind them; those lines make room for the real ones.
function addLines(text: string, lines: readonly string[]): string {
  const names = lines.map((line) => line.slice(0, line.indexOf("=")));
  const kept = text
    .split("\n")
    .filter((line) => !names.some((name) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line)))
    .join("\n")
    .trimEnd();
  return `${kept ? `${kept}\n` : ""}${lines.join("\n")}\n`;
}
