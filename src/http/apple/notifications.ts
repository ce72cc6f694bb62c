import { Hono } from "hono";
import { longestNotification, readNotification } from "../../apps-and-books/notification.ts";
import { sameSecret } from "../../base/bytes.ts";
import { findLocation } from "../../db/content-locations.ts";
import { keepNotification } from "../../db/content-notifications.ts";
import { openDb } from "../../db/open.ts";
import { openSecret } from "../../licences/location.ts";
import { openLocation } from "../../licences/object.ts";
import type { AppEnv } from "../app-env.ts";
import { readBody } from "../body.ts";
import { faultProblem } from "../fault.ts";

/**
 * What Apple tells of Apps and Books. It is kept and answered at once: Apple gives up after a few tries, and tries the
 * address before it takes it. A location's object works it off later.
 */
export const appleNotifications = new Hono<AppEnv>();

appleNotifications.onError(faultProblem);

appleNotifications.post("/apple/apps-and-books/:location", async (c) => {
  const name = c.req.param("location");
  const db = openDb(c.env.DB);
  const row = await findLocation(db, name);
  const [scheme, shown = ""] = (c.req.header("Authorization") ?? "").split(" ");
  const isApple = row && scheme === "Bearer" && (await sameSecret(shown, await openSecret(c.env, row)));
  if (!isApple) return c.text("only Apple's service for Apps and Books tells something here\n", 403);
  const body = await readBody(c.req.raw, longestNotification);
  if (!body.ok) return c.text("too large\n", 413);
  const text = new TextDecoder().decode(body.value);
  const told = readNotification(text);
  if (!told) return c.text("not a notification\n", 400);
  // It comes while Apple is told the address, and the object may wait for that.
  if (told.type === "test") return c.body(null, 204);
  if (await keepNotification(db, name, told.id, text, Date.now()))
    c.executionCtx.waitUntil(openLocation(c.env, name).wake(true));
  return c.body(null, 204);
});
