import { type Context, Hono } from "hono";
import * as v from "valibot";
import {
  addToSet,
  giveSet,
  type MembershipRefusal,
  removeFromSet,
  takeSet,
} from "../../assignment/memberships.ts";
import { heldSets } from "../../assignment/sets.ts";
import type { Result } from "../../base/result.ts";
import { namedChanged } from "../../db/assignment-changes.ts";
import { applyTogether } from "../../db/directory.ts";
import type { Channel } from "../../db/memberships.ts";
import { findSet, listSetNames } from "../../db/sets.ts";
import { startAssigning } from "../../library/start-assigning.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { setName } from "../api/sets/set-json.ts";
import { changed, failed, isQuiet } from "./answers.ts";
import { channelOf, wellNamed } from "./channel.ts";

const mostListed = 10_000;

export const sets = new Hono<ApiEnv>();

sets.get("/sets", async (c) => c.json(await listSetNames(c.var.db, mostListed)));

sets.get("/set-declarations/:set", async (c) => {
  const found = await findSet(c.var.db, c.req.param("set"));
  return c.json(found ? [...found.members.declarations, ...found.members.optional.declarations] : []);
});

sets.put("/set-declarations/:set", async (c) => {
  const identifier = c.req.query("declaration");
  const name = c.req.param("set");
  if (!identifier) return missing(c, "declaration");
  if (!v.is(setName, name)) return badName(c);
  return settled(c, await addToSet(c.env, name, identifier, options(c)));
});

sets.delete("/set-declarations/:set", async (c) => {
  const identifier = c.req.query("declaration");
  if (!identifier) return missing(c, "declaration");
  return changed(c, await removeFromSet(c.env, c.req.param("set"), identifier, options(c)));
});

sets.get("/enrollment-sets/:id", wellNamed, async (c) => {
  const { deviceId, userId } = channel(c);
  const held = await heldSets(c.var.db, deviceId, userId);
  return c.json(held.map(({ name }) => name));
});

sets.put("/enrollment-sets/:id", wellNamed, async (c) => {
  const name = c.req.query("set");
  if (!name) return missing(c, "set");
  if (!v.is(setName, name)) return badName(c);
  return settled(c, await giveSet(c.env, channel(c), name, options(c)));
});

sets.delete("/enrollment-sets/:id", wellNamed, async (c) => {
  const name = c.req.query("set");
  if (!name) return missing(c, "set");
  return changed(c, await takeSet(c.env, channel(c), name, options(c)));
});

// KMFDDM's scripts and documentation use the first name, its server the second.
sets.on("DELETE", ["/enrollment-sets-all/:id", "/enrollment-sets-all/sets/:id"], wellNamed, async (c) =>
  changed(c, await takeSet(c.env, channel(c), undefined, options(c))),
);

/** Any number of names; a device that has none of them is not affected. */
sets.post("/notify", async (c) => {
  const named = {
    declarations: c.req.queries("declaration") ?? [],
    setNames: c.req.queries("set") ?? [],
    deviceIds: (c.req.queries("id") ?? []).map((id) => channelOf(id).deviceId),
  };
  await applyTogether(c.var.db, namedChanged(c.var.db, named, { now: Date.now() }));
  await startAssigning(c.env);
  return c.body(null, 204);
});

const channel = (c: Context): Channel => channelOf(c.req.param("id") ?? "");

const options = (c: Context) => ({ now: Date.now(), quiet: isQuiet(c) });

const missing = (c: Context, name: string): Response =>
  failed(c, 400, `missing required query parameter: ${name}`);

const badName = (c: Context): Response =>
  failed(c, 400, "a set name must be 1 to 128 printable characters without spaces at its ends");

function settled(c: Context, result: Result<boolean, MembershipRefusal>): Response {
  if (result.ok) return changed(c, result.value);
  return result.refusal.reason === "unknown-declaration"
    ? failed(c, 404, `declaration not found: ${c.req.query("declaration")}`)
    : failed(c, 409, "the set is still being taken from devices; try again in a moment");
}
