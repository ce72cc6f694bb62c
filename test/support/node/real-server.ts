// A real server on a port of its own, and the real command line against it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestHarness } from "wrangler";
import { builtWorker } from "./built-worker.ts";
import { handsOf } from "./server-hands.ts";

export type { Ended } from "./server-hands.ts";

export const token = "an-admin-token-of-at-least-32-characters";
export type RealServer = Awaited<ReturnType<typeof realServer>>;

export async function realServer() {
  const harness = createTestHarness({
    workers: [
      {
        ...(await builtWorker()),
        secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: token },
      },
    ],
  });
  const home = mkdtempSync(join(tmpdir(), "edgemdm-files-"));
  const { origin } = (await harness.listen()).url;
  await harness.getWorker().applyD1Migrations("DB");

  return {
    origin,
    token,
    home,
    harness,
    ...handsOf({ origin, token, home }),
    async close() {
      await harness.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
