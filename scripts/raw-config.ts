// What wrangler.toml says, as it is written. Wrangler's own reader says the same, and comes with all of wrangler, which takes
// longer to load than most scripts to do their work.
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { causeOf, Trouble } from "./trouble.ts";

/** What these scripts use of it. */
export type RawConfig = {
  name?: string;
  compatibility_date?: string;
  vars?: Record<string, unknown>;
  routes?: Route[];
  route?: Route;
  d1_databases?: { binding: string; database_name?: string }[];
  r2_buckets?: { binding: string; bucket_name?: string }[];
};

export type Route = string | { pattern: string; custom_domain?: boolean };

/** TOML, or JSON as these scripts make it. */
export function readRawConfig(path: string): RawConfig {
  try {
    const text = readFileSync(path, "utf8");
    return (path.endsWith(".json") ? JSON.parse(text) : parse(text)) as RawConfig;
  } catch (fault) {
    throw new Trouble(`${path} cannot be read: ${causeOf(fault)}`, { cause: fault });
  }
}
