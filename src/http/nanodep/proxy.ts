import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AdeMethod, AdeRequest } from "../../ade/calls.ts";
import type { Right, Role } from "../../admin/roles.ts";
import { openServer } from "../../apple-business/object.ts";
import { findAccount } from "../../db/ade-accounts.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { parseJson } from "../api/route/json.ts";
import { readBody } from "../body.ts";
import { failed, forbidden } from "./answers.ts";

/** Apple's service as other tools want to speak to it: with the account's session, which they never see. */
export const proxy = new Hono<ApiEnv>();

const largestBody = 1024 * 1024;
const mostDisowned = 25;

type Need = { role: Role; right?: Right };

/** Who may call what; the rest is for administrators. @internal */
export const needs: { [call: string]: Need } = {
  "GET /account": { role: "viewer" },
  "GET /profile": { role: "viewer" },
  "POST /profile": { role: "operator" },
  "POST /profile/devices": { role: "operator" },
  "PUT /profile/devices": { role: "operator" },
  "DELETE /profile/devices": { role: "operator" },
  "POST /server/devices": { role: "viewer" },
  "POST /devices/sync": { role: "viewer" },
  "POST /devices": { role: "viewer" },
  "GET /device/replacementDetails": { role: "viewer" },
  "POST /devices/disown": { role: "admin", right: "disown" },
};

const methods: readonly string[] = ["GET", "POST", "PUT", "DELETE"] satisfies AdeMethod[];

proxy.all("/:name/*", async (c) => {
  const name = c.req.param("name");
  const url = new URL(c.req.url);
  const path = url.pathname.slice(`/proxy/${name}`.length);
  const { method } = c.req;
  if (!methods.includes(method)) return failed(c, 405, `${method} is no method of Apple's service`);
  if (path.toLowerCase() === "/session" || !/^(\/[A-Za-z0-9-]+)+$/.test(path))
    return failed(c, 404, `Apple's service has nothing at ${path}`);
  // Whether Apple tells letters apart is not written anywhere: a call is judged by what it may mean.
  const known = path.toLowerCase();
  const { role, right } = needs[`${method} ${path}`] ?? { role: "admin" };
  const refused = forbidden(c, role, right);
  if (refused) return refused;
  if (!(await findAccount(c.var.db, name))) return failed(c, 404, `there is no DEP name ${name}`);

  const read = await readBody(c.req.raw, largestBody);
  if (!read.ok) return failed(c, 413, `the body has more than ${largestBody} bytes`);
  const json = read.value.length === 0 ? undefined : parseJson(read.value);
  if (json && !(json.ok && isObject(json.value))) return c.text("MALFORMED_REQUEST_BODY", 400);
  const body = json?.ok ? (json.value as object) : undefined;
  if (known === "/devices/disown") {
    const unconfirmed = mustConfirm(c, body);
    if (unconfirmed) return unconfirmed;
    url.searchParams.delete("confirm");
  }
  const query = url.searchParams.size > 0 ? `?${url.searchParams}` : "";
  const request: AdeRequest = { method: method as AdeMethod, path: `${path}${query}`, ...(body && { body }) };
  return forward(c, name, request);
});

async function forward(c: Context<ApiEnv>, name: string, request: AdeRequest): Promise<Response> {
  const asked = Number(c.req.header("X-Server-Protocol-Version"));
  const version = Number.isInteger(asked) && asked > 0 && asked < 100 ? asked : 7;
  const answer = await openServer(c.env, name).send(request, version);
  if (!answer.ok) {
    const { refusal } = answer;
    return c.text("code" in refusal && refusal.code ? refusal.code : refusal.detail, 502);
  }
  const { status, text, contentType, isTooLarge } = answer.value;
  if (isTooLarge) return failed(c, 502, "Apple's answer is too large");
  return c.body(text, status as ContentfulStatusCode, {
    "Content-Type": contentType || "text/plain;charset=UTF8",
  });
}

/** It cannot be taken back, and a script may name more than was meant. */
function mustConfirm(c: Context<ApiEnv>, body: object | undefined): Response | undefined {
  const { devices } = (body ?? {}) as { devices?: unknown };
  const count = Array.isArray(devices) ? devices.length : 0;
  if (count > mostDisowned) return failed(c, 400, `${mostDisowned} devices at most leave at once`);
  return c.req.query("confirm") === String(count)
    ? undefined
    : failed(c, 409, `${count} devices would leave the organisation for ever: add ?confirm=${count}`);
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
