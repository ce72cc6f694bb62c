// `edgemdm-recovery.json`: a Worker's secret cannot be read back, so the person who deploys keeps a copy. Without
// MASTER_KEY everything sealed under it is lost with the Cloudflare account: the authority, and so the fleet.
import { existsSync, readFileSync } from "node:fs";
import { type SecretName, secretNames, writePrivate } from "../secrets.ts";
import { Trouble } from "../trouble.ts";

export const recoveryFile = "edgemdm-recovery.json";

export type Recovery = { worker: string } & Partial<Record<SecretName, string>>;

export function readRecovery(path: string): Recovery | undefined {
  if (!existsSync(path)) return undefined;
  const broken = new Trouble(
    `${path} is not what this script wrote: put the right file back, or move it away`,
  );
  try {
    const read = JSON.parse(readFileSync(path, "utf8")) as Partial<Recovery> | null;
    if (typeof read?.worker !== "string") throw broken;
    const secrets = secretNames.filter((name) => typeof read[name] === "string");
    return { worker: read.worker, ...Object.fromEntries(secrets.map((name) => [name, read[name]])) };
  } catch (error) {
    throw error instanceof SyntaxError ? broken : error;
  }
}

export function writeRecovery(path: string, recovery: Recovery): void {
  const about =
    "The only copy of these secrets outside of Cloudflare. Keep it in a password manager or a safe, not only here: a restore asks for it.";
  writePrivate(path, `${JSON.stringify({ about, ...recovery }, null, 2)}\n`);
}
