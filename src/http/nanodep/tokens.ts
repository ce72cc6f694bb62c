import { type Context, Hono } from "hono";
import { type AdeToken, readToken } from "../../ade/token.ts";
import { openToken } from "../../apple-business/account.ts";
import { createAccount, isAccountName } from "../../apple-business/manage-accounts.ts";
import { openServer } from "../../apple-business/object.ts";
import type { UploadAnswer } from "../../apple-business/service.ts";
import { day } from "../../base/time.ts";
import { findAccount } from "../../db/ade-accounts.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { parseJson } from "../api/route/json.ts";
import { readBody } from "../body.ts";
import { failed, needs } from "./answers.ts";

/** Key pairs and tokens of an account. All of it is for administrators: tokens are shown in the clear. */
export const tokens = new Hono<ApiEnv>();

const largestBody = 64 * 1024;
const longestValidDays = 3_650;

/** NanoDEP's names need not be made before they are used. */
export async function ensureAccount(c: Context<ApiEnv>, name: string): Promise<Response | undefined> {
  if (!isAccountName(name))
    return failed(c, 400, "a name has 1 to 64 letters, digits, dots, hyphens, underscores");
  if (await findAccount(c.var.db, name)) return undefined;
  const made = await createAccount(c.env, name, {}, c.var.caller.tokenId, Date.now());
  return made.ok || made.refusal.reason === "exists" ? undefined : failed(c, 409, made.refusal.detail);
}

tokens.get("/tokenpki/:name", needs("admin"), async (c) => {
  const name = c.req.param("name");
  const days = Number(c.req.query("validity_days") || "1");
  if (!Number.isInteger(days) || days < 1 || days > longestValidDays)
    return failed(c, 400, `validity_days is a number from 1 to ${longestValidDays}`);
  const refused = await ensureAccount(c, name);
  if (refused) return refused;
  c.set("audit", "always");
  const pem = await openServer(c.env, name).makeKeyPair(c.req.query("cn") || "depserver", days * day);
  if (pem === undefined) return failed(c, 404, `there is no DEP name ${name}`);
  return c.body(pem, 200, {
    "Content-Type": "application/x-pem-file",
    "Content-Disposition": `attachment; filename="${name}.pem"`,
  });
});

tokens.put("/tokenpki/:name", needs("admin"), async (c) => {
  const name = c.req.param("name");
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return failed(c, 413, `the body has more than ${largestBody} bytes`);
  if (!(await findAccount(c.var.db, name))) return failed(c, 404, `there is no DEP name ${name}`);
  const replace = c.req.query("force") === "1";
  return taken(c, name, await openServer(c.env, name).uploadFile(body.value, { replace }));
});

tokens.get("/tokens/:name", needs("admin"), async (c) => {
  c.set("audit", "always");
  const row = await findAccount(c.var.db, c.req.param("name"));
  const token = row && (await openToken(c.env, row));
  return token ? c.json(token) : failed(c, 404, `${c.req.param("name")} has no tokens`);
});

tokens.put("/tokens/:name", needs("admin"), async (c) => {
  const name = c.req.param("name");
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return failed(c, 413, `the body has more than ${largestBody} bytes`);
  const json = parseJson(body.value);
  if (!json.ok) return failed(c, 400, "the tokens are a JSON object");
  const token = readToken(json.value, Date.now());
  if (!token.ok) return failed(c, 400, token.refusal.detail);
  const refused = await ensureAccount(c, name);
  if (refused) return refused;
  const replace = c.req.query("force") === "1";
  return taken(c, name, await openServer(c.env, name).uploadToken(token.value, { replace }));
});

async function taken(c: Context<ApiEnv>, name: string, answer: UploadAnswer): Promise<Response> {
  if (!answer.ok) return failed(c, answer.refusal.reason === "not-proven" ? 502 : 400, answer.refusal.detail);
  const row = await findAccount(c.var.db, name);
  const token: AdeToken | undefined = row && (await openToken(c.env, row));
  return token ? c.json(token) : failed(c, 404, `there is no DEP name ${name}`);
}
