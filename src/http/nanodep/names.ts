import { Hono } from "hono";
import {
  type BypassCode,
  bypassCodeFromHex,
  bypassCodeFromText,
  newBypassCode,
} from "../../ade/bypass-code.ts";
import { appleBaseUrl } from "../../ade/client.ts";
import { adoptProfile } from "../../apple-business/adopt-profile.ts";
import { maidToken } from "../../apple-business/maid-token.ts";
import { updateAccount } from "../../apple-business/manage-accounts.ts";
import { openServer } from "../../apple-business/object.ts";
import { findAccount, listAccounts, putRules } from "../../db/ade-accounts.ts";
import { definedProfiles } from "../../db/ade-profiles.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { parseJson } from "../api/route/json.ts";
import { readBody } from "../body.ts";
import { failed, needs } from "./answers.ts";
import { ensureAccount } from "./tokens.ts";

export const names = new Hono<ApiEnv>();

const isUuid = (text: string): boolean => /^[0-9A-Za-z-]{8,64}$/.test(text);

names.get("/assigner/:name", needs("viewer"), async (c) => {
  const row = await findAccount(c.var.db, c.req.param("name"));
  if (!row) return failed(c, 404, `there is no DEP name ${c.req.param("name")}`);
  const uuids = await definedProfiles(c.var.db, row.name);
  const profile_uuid = uuids.get(row.defaultProfile ?? "");
  return c.json(profile_uuid === undefined ? {} : { profile_uuid });
});

names.put("/assigner/:name", needs("operator"), async (c) => {
  const name = c.req.param("name");
  const profile_uuid = c.req.query("profile_uuid") ?? "";
  if (!isUuid(profile_uuid)) return failed(c, 400, "profile_uuid is missing");
  const row = await findAccount(c.var.db, name);
  if (!row) return failed(c, 404, `there is no DEP name ${name}`);
  const adopted = await adoptProfile(c.env, name, profile_uuid, c.var.caller.tokenId, Date.now());
  if (!adopted.ok) return failed(c, 502, adopted.refusal.detail);
  await putRules(c.var.db, name, row.rules, adopted.value, Date.now());
  await openServer(c.env, name).wake(true);
  return c.json({ profile_uuid });
});

names.get("/config/:name", needs("viewer"), async (c) => {
  const row = await findAccount(c.var.db, c.req.param("name"));
  if (!row) return failed(c, 404, `there is no DEP name ${c.req.param("name")}`);
  return c.json({ base_url: row.baseUrl ?? appleBaseUrl });
});

names.put("/config/:name", needs("admin"), async (c) => {
  const name = c.req.param("name");
  const body = await readBody(c.req.raw, 16 * 1024);
  const json = body.ok ? parseJson(body.value) : undefined;
  const { base_url } = (json?.ok ? (json.value ?? {}) : {}) as { base_url?: unknown };
  if (base_url !== undefined && typeof base_url !== "string") return failed(c, 400, "base_url is a text");
  const refused = await ensureAccount(c, name);
  if (refused) return refused;
  const baseUrl = base_url || null;
  const changed = await updateAccount(c.env, name, { baseUrl }, Date.now());
  if (!changed.ok) return failed(c, 400, `base_url ${changed.refusal.detail}`);
  return c.json({ base_url: baseUrl ?? appleBaseUrl });
});

names.get("/dep_names", needs("viewer"), async (c) => {
  const given = new URL(c.req.url).searchParams;
  const [limit, offset] = [Number(given.get("limit") || "100"), Number(given.get("offset") || "0")];
  const cursor = given.get("cursor") ?? "";
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(offset) || offset < 0)
    return failed(c, 400, "limit and offset are whole numbers");
  if (cursor !== "" && given.has("offset")) return failed(c, 400, "cursor and offset exclude each other");
  const wanted = given.getAll("dep_name");
  const all = (await listAccounts(c.var.db))
    .map(({ name }) => name)
    .filter((name) => (wanted.length === 0 || wanted.includes(name)) && name > cursor);
  const shown = all.slice(offset, offset + limit);
  const isMore = all.length > offset + limit;
  return c.json({ dep_names: shown, ...(isMore && { next_cursor: shown.at(-1) }) });
});

names.get("/maidjwt/:name", needs("admin"), async (c) => {
  c.set("audit", "always");
  const row = await findAccount(c.var.db, c.req.param("name"));
  if (!row) return failed(c, 404, `there is no DEP name ${c.req.param("name")}`);
  const serverUuid = c.req.query("server_uuid") || row.serverUuid;
  if (serverUuid === null) return failed(c, 409, `${row.name} has no token yet`);
  const made = await maidToken(c.env, row, serverUuid, Date.now());
  if (!made) return failed(c, 409, `${row.name} has no key pair in use: its token came in the clear`);
  return c.body(made.jwt, 200, {
    "Content-Type": "application/jwt",
    "X-Server-Uuid": serverUuid,
    "X-Jwt-Jti": made.jti,
  });
});

names.get("/bypasscode", needs("viewer"), async (c) => {
  const { raw, code } = c.req.query();
  if (raw && code) return failed(c, 400, "raw or code, not both");
  const made: BypassCode | undefined = raw
    ? await bypassCodeFromHex(raw)
    : code
      ? await bypassCodeFromText(code)
      : await newBypassCode();
  return made ? c.json(made) : failed(c, 400, "it is no bypass code");
});
