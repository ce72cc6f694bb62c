import { type Context, Hono } from "hono";
import { mapInFlight } from "../../base/in-flight.ts";
import { isDeviceId } from "../../mdm/channel.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { failed, tabbed } from "../nanomdm/answers.ts";

const mostAsked = 100;
const atOnce = 25;

/** What each device reported, by Apple's names. */
export const inventory = new Hono<ApiEnv>();

async function answer(c: Context<ApiEnv>): Promise<Response> {
  const ids = [...new Set(c.req.queries("id"))].filter(isDeviceId);
  if (ids.length === 0 || ids.length > mostAsked)
    return failed(c, 400, `give 1 to ${mostAsked} ids: ?id=…&id=…`);
  const known = await mapInFlight(ids, atOnce, async (id) => {
    const told = await c.env.DEVICE.getByName(id).readInventory("");
    if (told === undefined) return [];
    const values = [told.information, told.security].map((part) => (part ? JSON.parse(part.json) : {}));
    return [[id, Object.assign({}, ...values) as object] as const];
  });
  return tabbed(c, Object.fromEntries(known.flat()));
}

// NanoCMD registers it without the prefix.
inventory.get("/inventory", answer);
inventory.get("/v1/inventory", answer);
