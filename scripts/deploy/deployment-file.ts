// `deployment.json`: what differs between deployments, away from the files that a new release brings. It is laid over
// wrangler.toml, and the result is what wrangler reads.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearMiss } from "../../src/catalog/near-miss.ts";
import { type RawConfig, readRawConfig } from "../raw-config.ts";
import { Trouble, writing } from "../trouble.ts";

export const deploymentFile = "deployment.json";
/** Made again each time, beside wrangler.toml, since paths in it count from there. */
export const madeConfig = "wrangler.deployment.json";

export type Deployment = {
  /** The Worker's name. */
  name?: string;
  /** A host name of a zone in the account, such as mdm.example.com. */
  domain?: string;
  /** The name of the D1 database. */
  database?: string;
  location?: string;
  jurisdiction?: string;
  /** The name of the R2 bucket for the files of packages; made if there is none. */
  bucket?: string;
  /** Variables of docs/configuration.md. */
  variables?: Record<string, string>;
};

const known = ["name", "domain", "database", "location", "jurisdiction", "bucket", "variables"];

/** Undefined: there is no such file. */
export function readDeployment(project: string): Deployment | undefined {
  const path = join(project, deploymentFile);
  if (!existsSync(path)) return undefined;
  const read = parse(readFileSync(path, "utf8"));
  for (const [key, value] of Object.entries(read)) {
    if (!known.includes(key)) throw unknownKey(key);
    const isRight = key === "variables" ? isTexts(value) : typeof value === "string" && value !== "";
    if (!isRight)
      throw new Trouble(
        `${deploymentFile}: ${key} is ${key === "variables" ? "an object of texts" : "a text"}`,
      );
  }
  const { domain } = read as Deployment;
  if (domain !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain))
    throw new Trouble(`${deploymentFile}: domain is a host name such as mdm.example.com, not ${domain}`);
  return read as Deployment;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Trouble(`${deploymentFile} is no JSON object: see docs/upgrade.md`);
}

const isTexts = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "string");

function unknownKey(key: string): Trouble {
  const meant = nearMiss(key, known);
  return new Trouble(
    `${deploymentFile} has an unknown key ${key}: ${meant ? `did you mean ${meant}?` : `it takes ${known.join(", ")}`}`,
  );
}

/** The bucket under the binding PACKAGES, unless there is one already. */
export function withBucket(config: RawConfig, bucketName: string): RawConfig {
  const buckets = config.r2_buckets ?? [];
  if (buckets.some(({ binding }) => binding === "PACKAGES")) return config;
  return { ...config, r2_buckets: [...buckets, { binding: "PACKAGES", bucket_name: bucketName }] };
}

export function overlay(given: RawConfig, deployment: Deployment): RawConfig {
  const { name, domain, database, variables, bucket } = deployment;
  const config = bucket === undefined ? given : withBucket(given, bucket);
  const databases = config.d1_databases?.map((one) =>
    one.binding === "DB" && database !== undefined ? { ...one, database_name: database } : one,
  );
  return {
    ...config,
    ...(name !== undefined && { name }),
    ...(databases && { d1_databases: databases }),
    vars: { ...config.vars, ...variables },
    ...(domain !== undefined && { routes: [{ pattern: domain, custom_domain: true }] }),
  };
}

/** The name of the file that wrangler is to read. */
export function configOf(project: string): string {
  const deployment = readDeployment(project);
  if (deployment === undefined) return "wrangler.toml";
  const path = join(project, madeConfig);
  const made = overlay(readRawConfig(join(project, "wrangler.toml")), deployment);
  writing(path, () => writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`));
  return madeConfig;
}
