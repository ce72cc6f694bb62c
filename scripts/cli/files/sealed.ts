// `secrets.sealed`: secrets that may lie in a repository, each sealed under the key in EDGEMDM_FILES_KEY.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromBase64, fromUtf8, toBase64, utf8 } from "../../../src/base/bytes.ts";
import { open, seal, sealKeys, trusted } from "../../../src/pki/seal.ts";
import { Trouble, writing } from "../../trouble.ts";

export const sealedFile = "secrets.sealed";
export const keyVariable = "EDGEMDM_FILES_KEY";

/** The values by name; nothing without the file. */
export async function readSealed(folder: string): Promise<Map<string, string>> {
  const path = join(folder, sealedFile);
  const values = new Map<string, string>();
  if (!existsSync(path)) return values;
  const keys = await keysFromEnvironment();
  // Without the key, what is named tells that its value is missing.
  if (keys === undefined) return values;
  for (const [name, text] of linesOf(readFileSync(path, "utf8"))) {
    const opened = await open(keys, contextOf(name), fromBase64(text) ?? new Uint8Array());
    if (!opened.ok)
      throw new Trouble(
        `${sealedFile}: ${name} does not open: is ${keyVariable} the key that it was sealed with?`,
      );
    values.set(name, fromUtf8(opened.value));
  }
  return values;
}

/** Adds values, and keeps the others. */
export async function writeSealed(folder: string, values: ReadonlyMap<string, string>): Promise<void> {
  const keys = await keysFromEnvironment();
  if (keys === undefined)
    throw new Trouble(`set ${keyVariable}: 32 random bytes in base64, as openssl rand -base64 32 makes them`);
  const path = join(folder, sealedFile);
  const lines = new Map(existsSync(path) ? linesOf(readFileSync(path, "utf8")) : []);
  const before = existsSync(path) ? await readSealed(folder) : new Map<string, string>();
  for (const [name, value] of values)
    if (before.get(name) !== value)
      lines.set(name, toBase64(await seal(trusted(keys), contextOf(name), utf8(value))));
  const text = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sealed]) => `${name} ${sealed}\n`);
  writing(path, () => writeFileSync(path, text.join("")));
}

const contextOf = (name: string) => ({ what: "files", whose: [name] });

const linesOf = (text: string): [string, string][] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [name = "", sealed = ""] = line.trim().split(/\s+/);
      return [name, sealed];
    });

export const hasKey = (): boolean => Boolean(process.env[keyVariable]);

async function keysFromEnvironment() {
  const text = process.env[keyVariable];
  if (!text) return undefined;
  const bytes = fromBase64(text);
  if (bytes?.length !== 32)
    throw new Trouble(`${keyVariable} must be 32 bytes in base64, as openssl rand -base64 32 makes them`);
  return sealKeys(bytes);
}
