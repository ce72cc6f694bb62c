// The admin token of whoever runs a script.
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** From the environment, else from the local server's secrets. */
export function adminToken(varsFile: string): string | undefined {
  if (process.env.EDGEMDM_TOKEN) return process.env.EDGEMDM_TOKEN;
  return existsSync(varsFile) ? parseEnv(readFileSync(varsFile, "utf8")).ADMIN_TOKEN || undefined : undefined;
}
