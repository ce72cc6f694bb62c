// What wrangler reads at a local start: wrangler.toml, with a bucket for packages. A deployment has one only where its
// account has R2, so wrangler.toml itself names none.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withBucket } from "../deploy/deployment-file.ts";
import { readRawConfig } from "../raw-config.ts";
import { writing } from "../trouble.ts";

/** Made again at each start, beside wrangler.toml, since paths in it count from there. */
const madeConfig = "wrangler.start.json";

export function localConfig(project: string): string {
  const made = withBucket(readRawConfig(join(project, "wrangler.toml")), "edgemdm-packages");
  const path = join(project, madeConfig);
  writing(path, () => writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`));
  return madeConfig;
}
