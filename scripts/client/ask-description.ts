// The description of the API, from the Worker as it is in this folder.
import { createTestHarness } from "wrangler";
import type { Description } from "./types.ts";

type Worker = { configPath: string; prebuiltWorkerDir?: string };

/** `worker`: one that is built already need not be built again. */
export async function askDescription(
  worker: Worker = { configPath: "./wrangler.toml" },
): Promise<Description> {
  // It refuses to answer without them, and the description tells nothing of them.
  const secrets = { MASTER_KEY: Buffer.alloc(32).toString("base64"), ADMIN_TOKEN: "-".repeat(32) };
  const harness = createTestHarness({ workers: [{ ...worker, secrets }] });
  try {
    const { url } = await harness.listen();
    return (await (await fetch(new URL("/api/openapi.json", url))).json()) as Description;
  } finally {
    await harness.close();
  }
}
