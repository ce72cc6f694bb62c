import { createMiddleware } from "hono/factory";
import { includesRole, type Role } from "../../admin/roles.ts";
import { identifyCaller } from "../../admin/tokens.ts";
import { fromBase64, fromUtf8 } from "../../base/bytes.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { trace } from "../trace.ts";
import { failed } from "./answers.ts";

const userName = "kmfddm";

/** HTTP Basic: the user name is fixed, the password is an API token, and its role decides what the caller may do. */
export const basicAuth = createMiddleware<ApiEnv>(async (c, next) => {
  const challenge = () => {
    c.header("WWW-Authenticate", `Basic realm="${userName}", charset="UTF-8"`);
    return failed(c, 401, `authenticate as ${userName} with an API token as the password`);
  };
  const password = passwordIn(c.req.header("Authorization"));
  if (password === undefined) return challenge();
  const caller = await identifyCaller(c.var.db, c.env.ADMIN_TOKEN, password, Date.now());
  if (!caller.ok) return challenge();
  c.set("caller", caller.value);
  trace(c).tokenId = caller.value.tokenId;
  const needed: Role = c.req.method === "GET" ? "viewer" : "operator";
  if (includesRole(caller.value.role, needed)) return next();
  return failed(c, 403, `this needs the role ${needed}; the token has the role ${caller.value.role}`);
});

function passwordIn(header: string | undefined): string | undefined {
  const bytes = fromBase64(/^Basic +(\S+) *$/i.exec(header ?? "")?.[1] ?? "");
  const [, user, password] = /^([^:]*):(.*)$/s.exec(textOf(bytes)) ?? [];
  return user === userName && password !== "" ? password : undefined;
}

function textOf(bytes: Uint8Array | undefined): string {
  try {
    return fromUtf8(bytes ?? new Uint8Array());
  } catch {
    return "";
  }
}
