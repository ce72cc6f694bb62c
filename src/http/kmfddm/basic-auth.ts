import { createMiddleware } from "hono/factory";
import { includesRole, type Role } from "../../admin/roles.ts";
import { identifyCaller } from "../../admin/tokens.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { basicPassword } from "../basic-password.ts";
import { trace } from "../trace.ts";
import { failed } from "./answers.ts";

const userName = "kmfddm";

/** HTTP Basic: the user is always the same, the password is an API token, and its role says what it may do. */
export const basicAuth = createMiddleware<ApiEnv>(async (c, next) => {
  const challenge = () => {
    c.header("WWW-Authenticate", `Basic realm="${userName}", charset="UTF-8"`);
    return failed(c, 401, `authenticate as ${userName} with an API token as the password`);
  };
  const password = basicPassword(c.req.header("Authorization"), userName);
  if (password === undefined) return challenge();
  const caller = await identifyCaller(c.var.db, c.env.ADMIN_TOKEN, password, Date.now());
  if (!caller.ok) return challenge();
  c.set("caller", caller.value);
  trace(c).tokenId = caller.value.tokenId;
  const needed: Role = c.req.method === "GET" ? "viewer" : "operator";
  if (includesRole(caller.value.role, needed)) return next();
  return failed(c, 403, `this needs the role ${needed}; the token has the role ${caller.value.role}`);
});
