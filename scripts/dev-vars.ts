// `.dev.vars`: the secrets of a local start. What is there stays; what is missing is made.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { writing } from "./trouble.ts";

export type DevVars = { values: Record<string, string>; made: string[] };

/** How each secret is made; the deploy script makes its own the same way. */
export const secretMakers = {
  MASTER_KEY: () => randomBytes(32).toString("base64"),
  ADMIN_TOKEN: () => randomBytes(32).toString("base64url"),
} as const;

export type SecretName = keyof typeof secretMakers;
export const secretNames = Object.keys(secretMakers) as SecretName[];

/** Reads the file, adds the secrets it lacks, and keeps it readable by its owner alone. */
export function completeDevVars(path: string): DevVars {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const values = readVars(text);
  const made = secretNames.filter((name) => !values[name]);
  if (made.length > 0) {
    const lines = made.map((name) => `${name}=${secretMakers[name]()}`);
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

/** Whole or not at all, and never readable by others: a half-written key would be a lost key. */
export function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writing(path, () => {
    try {
      writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  });
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
