// What wrangler.toml says, read by wrangler's own reader.
import { join } from "node:path";
import { Trouble } from "./trouble.ts";

export type WorkerSettings = {
  /** The name of the file that wrangler reads. */
  config: string;
  /** The Worker's name. */
  name: string;
  /** The name of the D1 database behind the binding DB. */
  database: string;
  /** The address devices use: PUBLIC_URL where it is set, else the custom domain, if there is one. */
  address: string | undefined;
  /** Whether PUBLIC_URL is set there; the Worker must be told an address that only we derived. */
  addressIsSet: boolean;
  compatibilityDate: string;
};

// What we use of it; wrangler's own types do not reach this far.
type Config = {
  name?: string;
  compatibility_date?: string;
  vars: Record<string, unknown>;
  d1_databases: { binding: string; database_name?: string }[];
  routes?: Route[];
  route?: Route;
};
type Route = string | { pattern: string; custom_domain?: boolean };

export async function readWorkerSettings(project: string, file = "wrangler.toml"): Promise<WorkerSettings> {
  const { unstable_readConfig: readConfig } = await import("wrangler");
  const config: Config = readConfig({ config: join(project, file) }, { hideWarnings: true });
  const database = config.d1_databases.find(({ binding }) => binding === "DB")?.database_name;
  if (!config.name) throw new Trouble('wrangler.toml has no name for the Worker: add name = "edgemdm"');
  if (!database)
    throw new Trouble('wrangler.toml has no [[d1_databases]] with binding = "DB" and a database_name');
  const set = config.vars.PUBLIC_URL;
  const routes = [...(config.routes ?? []), ...(config.route ? [config.route] : [])];
  const domain = routes.find((route) => typeof route === "object" && route.custom_domain === true);
  const derived = typeof domain === "object" ? `https://${domain.pattern}` : undefined;
  const addressIsSet = typeof set === "string" && set !== "";
  return {
    config: file,
    name: config.name,
    database,
    address: addressIsSet ? set.replace(/\/$/, "") : derived,
    addressIsSet,
    compatibilityDate: config.compatibility_date ?? "",
  };
}
