import type { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";

/** A drill counts commands: only its own may be in the queues, not the server's questions of its own accord. */
export async function askNothing(server: BareServer): Promise<void> {
  const json = { inventory_at_enrollment: false, inventory_interval_hours: 0 };
  const { status, body } = await server.request("/api/v1/settings", { method: "PATCH", json });
  if (status !== 200) throw new Trouble(`the settings were not taken: ${status} ${body}`);
}
