// What wrangler.toml says of the Worker that is deployed.
import { join } from "node:path";
import { readRawConfig } from "./raw-config.ts";
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

export function readWorkerSettings(project: string, file = "wrangler.toml"): WorkerSettings {
  const config = readRawConfig(join(project, file));
  const database = config.d1_databases?.find(({ binding }) => binding === "DB")?.database_name;
  if (!config.name) throw new Trouble('wrangler.toml has no name for the Worker: add name = "edgemdm"');
  if (!database)
    throw new Trouble('wrangler.toml has no [[d1_databases]] with binding = "DB" and a database_name');
  const set = config.vars?.PUBLIC_URL;
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
