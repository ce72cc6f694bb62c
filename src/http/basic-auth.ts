import type { Context, MiddlewareHandler } from "hono";
import { includesRole, type Role } from "../admin/roles.ts";
import { identifyCaller } from "../admin/tokens.ts";
import { fromBase64, fromUtf8 } from "../base/bytes.ts";
import type { ApiEnv } from "./api/route/api-env.ts";
import { isOverLimit } from "./rate-limit.ts";
import { trace } from "./trace.ts";

/** What is asked; the path is also a route's pattern. */
export type Asked = { method: string; path: string };

/** Who a compatible API lets in, and how it says no. */
export type BasicDoor = {
  /** The user names it knows; the first one is its own. */
  userNames: readonly [string, ...string[]];
  roleFor: (asked: Asked) => Role;
  refuse: (c: Context<ApiEnv>, status: 401 | 403 | 429, detail: string) => Response;
};

/** HTTP Basic: the user name is fixed, the password is an API token, and its role decides what the caller may do. */
export const basicAuth =
  ({ userNames, roleFor, refuse }: BasicDoor): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const challenge = () => {
      c.header("WWW-Authenticate", `Basic realm="${userNames[0]}", charset="UTF-8"`);
      return refuse(c, 401, `authenticate as ${userNames[0]} with an API token as the password`);
    };
    const password = passwordIn(c.req.header("Authorization"), userNames);
    if (password === undefined) return challenge();
    const needed = roleFor(c.req);
    const askNow = needed === "admin";
    const caller = await identifyCaller(c.var.db, c.env.ADMIN_TOKEN, password, Date.now(), { askNow });
    if (!caller.ok) {
      const isOver = await isOverLimit(c.env.LOGIN_LIMIT, c);
      return isOver ? refuse(c, 429, "too many failed attempts: wait a minute") : challenge();
    }
    c.set("caller", caller.value);
    trace(c).tokenId = caller.value.tokenId;
    if (includesRole(caller.value.role, needed)) return next();
    return refuse(c, 403, `this needs the role ${needed}; the token has the role ${caller.value.role}`);
  };

function passwordIn(header: string | undefined, userNames: readonly string[]): string | undefined {
  const bytes = fromBase64(/^Basic +(\S+) *$/i.exec(header ?? "")?.[1] ?? "");
  const [, user, password] = /^([^:]*):(.*)$/s.exec(textOf(bytes)) ?? [];
  return userNames.includes(user ?? "") && password !== "" ? password : undefined;
}

function textOf(bytes: Uint8Array | undefined): string {
  try {
    return fromUtf8(bytes ?? new Uint8Array());
  } catch {
    return "";
  }
}
