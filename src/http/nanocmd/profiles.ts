import { Hono } from "hono";
import { findProfile, listProfiles } from "../../db/profiles.ts";
import { openContent } from "../../library/profile-content.ts";
import { removeProfile } from "../../library/profiles.ts";
import { takeProfile } from "../../library/take-profile.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { readBody } from "../body.ts";
import { failed, tabbed } from "../nanomdm/answers.ts";

const largestBody = 1024 * 1024;
const mostListed = 1_000;

/** The profiles of the library. The name of each is its PayloadIdentifier. */
export const profiles = new Hono<ApiEnv>();

profiles.get("/v1/profiles", async (c) => {
  const names = new Set(c.req.queries("name"));
  const rows =
    names.size > 0
      ? await Promise.all([...names].slice(0, mostListed).map((name) => findProfile(c.var.db, name)))
      : await listProfiles(c.var.db, mostListed, undefined);
  const shown = rows.flatMap((row) =>
    row ? [[row.identifier, { identifier: row.identifier, uuid: row.uuid }] as const] : [],
  );
  return tabbed(c, Object.fromEntries(shown));
});

profiles.get("/v1/profile/:name", async (c) => {
  c.set("audit", "always");
  const row = await findProfile(c.var.db, c.req.param("name"));
  if (!row) return failed(c, 404, `no profile ${c.req.param("name")} is in the library`);
  return c.body(await openContent(c.env, row), 200, { "Content-Type": "application/x-apple-aspen-config" });
});

profiles.put("/v1/profile/:name", async (c) => {
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return failed(c, 400, `the body has more than ${largestBody} bytes`);
  const order = {
    identifier: c.req.param("name"),
    given: { file: body.value },
    mode: "warn" as const,
    encrypted: undefined,
    by: c.var.caller.tokenId,
  };
  const taken = await takeProfile(c.env, order, Date.now());
  if (taken.ok) return c.body(null, 204);
  const { refusal } = taken;
  const errors = refusal.reason === "unusable" ? [refusal.error] : refusal.findings;
  return failed(c, 400, errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; "));
});

profiles.delete("/v1/profile/:name", async (c) => {
  const removed = await removeProfile(c.env, c.req.param("name"));
  if (removed.ok) return c.body(null, 204);
  if (removed.refusal.reason === "unknown")
    return failed(c, 404, `no profile ${c.req.param("name")} is in the library`);
  const { sets, declarations } = removed.refusal;
  return failed(c, 409, `it is used by ${[...sets, ...declarations].join(", ")}; remove it there first`);
});
